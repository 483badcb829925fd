#include "widgets/dialogs/range_dialog.h"

#include "models/zone.h"
#include "widgets/theme.h"

#include <QDateTime>
#include <QFormLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace widgets {

namespace {

// With the plain arrow of the other boxes.
class MomentBox final : public QDateTimeEdit {
public:
    using QDateTimeEdit::QDateTimeEdit;

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QDateTimeEdit::paintEvent(event);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::of().palette().muted);
        const QPointF at(width() - 16, height() / 2.0 - 2);
        painter.drawPolygon(QPolygonF({at, at + QPointF(8, 0), at + QPointF(4, 5)}));
    }
};

} // namespace

RangeDialog::RangeDialog(qint64 from, qint64 to, QWidget* parent)
    : QDialog(parent)
    , m_from(field(from))
    , m_to(field(to))
    , m_problem(new QLabel(this))
    , m_show(new QPushButton(tr("Show"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Show from … to"));
    m_from->setAccessibleName(tr("From"));
    m_to->setAccessibleName(tr("To"));
    m_problem->setProperty("role", QStringLiteral("muted"));
    m_problem->setWordWrap(true);
    m_show->setProperty("kind", QStringLiteral("primary"));
    m_show->setDefault(true);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    form->setSpacing(space::kMedium);
    form->addRow(tr("From"), m_from);
    form->addRow(tr("To"), m_to);
    form->addRow(m_problem);
    form->addRow(m_show);
    connect(m_from, &QDateTimeEdit::dateTimeChanged, this, &RangeDialog::judge);
    connect(m_to, &QDateTimeEdit::dateTimeChanged, this, &RangeDialog::judge);
    connect(m_show, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(timeOf(m_from), timeOf(m_to));
        accept();
    });
    judge();
    m_from->setFocus();
}

// The field knows local time and UTC only: it shows the clock of the zone as if it were UTC.
QDateTimeEdit* RangeDialog::field(qint64 at)
{
    const QDateTime shown = QDateTime::fromMSecsSinceEpoch(at, models::Zone::of().zone());
    auto* edit = new MomentBox(QDateTime(shown.date(), shown.time(), Qt::UTC), this);
    edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    edit->setTimeSpec(Qt::UTC);
    edit->setCalendarPopup(true);
    return edit;
}

qint64 RangeDialog::timeOf(const QDateTimeEdit* field) const
{
    const QDateTime shown = field->dateTime();
    return QDateTime(shown.date(), shown.time(), models::Zone::of().zone()).toMSecsSinceEpoch();
}

void RangeDialog::judge()
{
    const bool ordered = timeOf(m_from) < timeOf(m_to);
    const bool future = timeOf(m_from) > QDateTime::currentMSecsSinceEpoch();
    m_problem->setText(!ordered ? tr("The end must come after the beginning")
                       : future ? tr("That is still to come")
                                : tr("Times in %1").arg(models::Zone::of().name()));
    m_show->setEnabled(ordered && !future);
}

} // namespace widgets
