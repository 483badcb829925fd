#include "widgets/dialogs/picture_dialog.h"

#include "widgets/combo_box.h"
#include "widgets/theme.h"

#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>

#include <algorithm>
#include <array>
#include <cmath>

namespace widgets {

namespace {

constexpr double kDpi = 96;
constexpr double kMmOfAnInch = 25.4;

struct SizeRow {
    const char* id;
    const char* text;
    QSize size; // none: the dialog's own
};

constexpr std::array<SizeRow, 7> kSizes{
    {{"screen", QT_TRANSLATE_NOOP("widgets::PictureDialog", "As on the screen"), {}},
     {"720", QT_TRANSLATE_NOOP("widgets::PictureDialog", "Slide (1280 × 720)"), {1280, 720}},
     {"1080", QT_TRANSLATE_NOOP("widgets::PictureDialog", "Screen (1920 × 1080)"), {1920, 1080}},
     {"strip", QT_TRANSLATE_NOOP("widgets::PictureDialog", "In a text (960 × 420)"), {960, 420}},
     {"a4", QT_TRANSLATE_NOOP("widgets::PictureDialog", "A4, landscape"), {1123, 794}},
     {"a4.tall", QT_TRANSLATE_NOOP("widgets::PictureDialog", "A4, upright"), {794, 1123}},
     {"own", QT_TRANSLATE_NOOP("widgets::PictureDialog", "Another size"), {}}}};

struct FormatRow {
    PictureFormat format;
    const char* suffix;
    const char* text;
};

constexpr std::array<FormatRow, 3> kFormats{
    {{PictureFormat::Png, "png", QT_TRANSLATE_NOOP("widgets::PictureDialog", "PNG picture (*.png)")},
     {PictureFormat::Svg, "svg", QT_TRANSLATE_NOOP("widgets::PictureDialog", "SVG drawing (*.svg)")},
     {PictureFormat::Pdf, "pdf", QT_TRANSLATE_NOOP("widgets::PictureDialog", "PDF page (*.pdf)")}}};

constexpr int kTitleRoom = 150; // px beside a window's title, for its icon and buttons

constexpr std::array<double, 4> kDensities{1, 2, 3, 4};

const FormatRow& rowOf(PictureFormat format)
{
    return *std::find_if(kFormats.begin(), kFormats.end(),
                         [format](const FormatRow& row) { return row.format == format; });
}

QSpinBox* pixels(const QString& name, int least, int most, QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(least, most);
    box->setSingleStep(20);
    box->setAccelerated(true);
    box->setAccessibleName(name);
    return box;
}

} // namespace

PictureChoice& PictureChoice::last()
{
    static PictureChoice choice;
    return choice;
}

QByteArray PictureChoice::toText() const
{
    return QByteArray(rowOf(format).suffix) + ' ' + size + ' ' + QByteArray::number(own.width()) + 'x' +
           QByteArray::number(own.height()) + ' ' + QByteArray::number(density);
}

PictureChoice PictureChoice::fromText(const QByteArray& text)
{
    PictureChoice choice;
    const QList<QByteArray> words = text.split(' ');
    const QList<QByteArray> sides = words.value(2).split('x');
    for (const FormatRow& row : kFormats) {
        choice.format = words.value(0) == row.suffix ? row.format : choice.format;
    }
    for (const SizeRow& row : kSizes) {
        choice.size = words.value(1) == row.id ? QByteArray(row.id) : choice.size;
    }
    const QSize own(sides.value(0).toInt(), sides.value(1).toInt());
    if (own.width() > 0 && own.height() > 0) {
        choice.own = own.expandedTo(kSmallestPicture).boundedTo(kLargestPicture);
    }
    for (const double density : kDensities) {
        choice.density = words.value(3).toDouble() == density ? density : choice.density;
    }
    return choice;
}

PictureDialog::PictureDialog(const QString& title, const QSize& onScreen, const QString& fileName,
                             QWidget* parent)
    : QDialog(parent)
    , m_onScreen(onScreen.expandedTo(kSmallestPicture).boundedTo(kLargestPicture))
    , m_fileName(fileName)
    , m_format(new ComboBox(this))
    , m_size(new ComboBox(this))
    , m_width(pixels(tr("Width"), kSmallestPicture.width(), kLargestPicture.width(), this))
    , m_height(pixels(tr("Height"), kSmallestPicture.height(), kLargestPicture.height(), this))
    , m_density(new ComboBox(this))
    , m_outcome(new QLabel(this))
    , m_save(new QPushButton(tr("Save…"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("picture"));
    setWindowTitle(title);
    m_format->setObjectName(QStringLiteral("picture.format"));
    m_size->setObjectName(QStringLiteral("picture.size"));
    m_density->setObjectName(QStringLiteral("picture.density"));
    m_outcome->setObjectName(QStringLiteral("picture.outcome"));
    m_outcome->setProperty("role", QStringLiteral("muted"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    auto* sides = new QHBoxLayout;
    sides->setSpacing(space::kSmall);
    sides->addWidget(m_width, 1);
    sides->addWidget(new QLabel(QStringLiteral("×"), this));
    sides->addWidget(m_height, 1);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    form->setSpacing(space::kMedium);
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Size"), m_size);
    form->addRow(QString(), sides);
    form->addRow(tr("Density"), m_density);
    form->addRow(m_outcome);
    form->addRow(m_save);
    fill();
    take(PictureChoice::last());
    connect(m_size, &QComboBox::currentIndexChanged, this, &PictureDialog::sizeChosen);
    connect(m_format, &QComboBox::currentIndexChanged, this, &PictureDialog::judge);
    connect(m_density, &QComboBox::currentIndexChanged, this, &PictureDialog::judge);
    connect(m_width, &QSpinBox::valueChanged, this, &PictureDialog::judge);
    connect(m_height, &QSpinBox::valueChanged, this, &PictureDialog::judge);
    connect(m_save, &QPushButton::clicked, this, &PictureDialog::askForFile);
    sizeChosen();
    m_format->setFocus();
    setMinimumWidth(fontMetrics().horizontalAdvance(title) + kTitleRoom);
}

void PictureDialog::fill()
{
    for (const FormatRow& row : kFormats) {
        m_format->addItem(tr(row.text).section(QLatin1Char('('), 0, 0).trimmed(),
                          static_cast<int>(row.format));
    }
    for (const SizeRow& row : kSizes) {
        m_size->addItem(tr(row.text), QByteArray(row.id));
    }
    for (const double density : kDensities) {
        m_density->addItem(QStringLiteral("%1× (%2 dpi)").arg(density).arg(density * kDpi), density);
    }
    m_format->setAccessibleName(tr("Format"));
    m_size->setAccessibleName(tr("Size"));
    m_density->setAccessibleName(tr("Density"));
}

void PictureDialog::take(const PictureChoice& choice)
{
    m_format->setCurrentIndex(m_format->findData(static_cast<int>(choice.format)));
    m_size->setCurrentIndex(m_size->findData(choice.size));
    m_density->setCurrentIndex(m_density->findData(choice.density));
    m_width->setValue(choice.own.width());
    m_height->setValue(choice.own.height());
}

PictureChoice PictureDialog::choice() const
{
    PictureChoice choice = PictureChoice::last();
    choice.format = static_cast<PictureFormat>(m_format->currentData().toInt());
    choice.size = m_size->currentData().toByteArray();
    choice.density = m_density->currentData().toDouble();
    if (choice.size == "own") {
        choice.own = QSize(m_width->value(), m_height->value());
    }
    return choice;
}

PictureSpec PictureDialog::spec() const
{
    const PictureChoice now = choice();
    return {now.format, QSize(m_width->value(), m_height->value()), now.density};
}

void PictureDialog::sizeChosen()
{
    const SizeRow& row = kSizes.at(static_cast<std::size_t>(std::max(0, m_size->currentIndex())));
    const bool own = row.id == QByteArrayLiteral("own");
    if (!own) {
        const QSize size = row.size.isEmpty() ? m_onScreen : row.size;
        m_width->setValue(size.width());
        m_height->setValue(size.height());
    }
    m_width->setEnabled(own);
    m_height->setEnabled(own);
    judge();
}

void PictureDialog::judge()
{
    const PictureSpec fit = fitPicture(spec());
    m_density->setEnabled(fit.format == PictureFormat::Png);
    const auto mm = [](int pixels) { return std::lround(pixels / kDpi * kMmOfAnInch); };
    const QSize dots = fit.size * fit.density;
    m_outcome->setText(
        fit.format == PictureFormat::Png
            ? tr("%1 × %2 pixels").arg(dots.width()).arg(dots.height())
            : tr("%1 × %2 mm, sharp at any size").arg(mm(fit.size.width())).arg(mm(fit.size.height())));
}

void PictureDialog::askForFile()
{
    PictureChoice::last() = choice();
    const PictureSpec wanted = spec();
    const FormatRow& row = rowOf(wanted.format);
    auto* dialog = new QFileDialog(this, windowTitle(),
                                   QStandardPaths::writableLocation(QStandardPaths::PicturesLocation));
    dialog->setObjectName(QStringLiteral("pictureFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr(row.text));
    dialog->setDefaultSuffix(QString::fromLatin1(row.suffix));
    dialog->selectFile(m_fileName);
    connect(dialog, &QFileDialog::fileSelected, this, [this, wanted](const QString& path) {
        PictureSpec spec = wanted;
        spec.format = pictureFormatOf(path);
        Q_EMIT chosen(spec, path);
        accept();
    });
    dialog->open();
}

} // namespace widgets
