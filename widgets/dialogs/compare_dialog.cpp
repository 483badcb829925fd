#include "widgets/dialogs/compare_dialog.h"

#include "models/text.h"
#include "widgets/table_view.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScreen>

#include <algorithm>
#include <memory>
#include <utility>

namespace widgets {

CompareDialog::CompareDialog(const RecordCommands& commands, QWidget* parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_compare(new QPushButton(tr("Compare"), this))
    , m_export(new QPushButton(tr("Export CSV…"), this))
    , m_busy(new QProgressBar(this))
    , m_said(new QLabel(this))
    , m_table(new TableView(QStringLiteral("comparison"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare two recordings"));
    const QRect room = screen()->availableGeometry();
    resize(std::clamp(room.width() - 40, 980, 1560), std::clamp(room.height() - 160, 560, 860));
    m_before = fileField(QStringLiteral("compare.before"), m_browseBefore);
    m_after = fileField(QStringLiteral("compare.after"), m_browseAfter);
    m_compare->setProperty("kind", QStringLiteral("primary"));
    m_compare->setDefault(true);
    m_busy->setRange(0, 0);
    m_busy->hide();
    m_said->setTextFormat(Qt::PlainText);
    m_said->setWordWrap(true);
    m_said->setText(tr("Stretches of time are compared, by a rank test that knows how many series there are: what is called a "
                       "difference is more than noise."));
    m_table->setModel(&m_model);
    // Figures first: a series' labels can be read in the file, too.
    const int series = std::max(180, width() - 2 * space::kLarge - 84 - 88 - 70 - 5 * 156 - 16);
    m_table->setColumnWidths({84, series, 88, 70, 156, 156, 156, 156, 156});
    m_table->setEmptyText(tr("Nothing has been compared yet"));
    auto* files = new QGridLayout;
    files->addWidget(new QLabel(tr("Before"), this), 0, 0);
    files->addWidget(m_before, 0, 1);
    files->addWidget(m_browseBefore, 0, 2);
    files->addWidget(new QLabel(tr("After"), this), 1, 0);
    files->addWidget(m_after, 1, 1);
    files->addWidget(m_browseAfter, 1, 2);
    auto* foot = new QHBoxLayout;
    foot->addWidget(m_busy, 1);
    foot->addStretch(1);
    foot->addWidget(m_export);
    foot->addWidget(m_compare);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addLayout(files);
    layout->addWidget(m_said);
    layout->addWidget(m_table, 1);
    layout->addLayout(foot);
    setTabOrder(m_before, m_browseBefore); // as they stand, not as they were made
    setTabOrder(m_browseBefore, m_after);
    setTabOrder(m_after, m_browseAfter);
    setTabOrder(m_browseAfter, m_table);
    setTabOrder(m_table, m_export);
    setTabOrder(m_export, m_compare);
    m_before->setFocus();
    connect(m_compare, &QPushButton::clicked, this, &CompareDialog::compare);
    connect(m_export, &QPushButton::clicked, m_table, &TableView::exportCsv);
    connect(m_table, &TableView::notice, m_said, &QLabel::setText);
    judge();
}

QLineEdit* CompareDialog::fileField(const QString& name, QPushButton*& browse)
{
    auto* field = new QLineEdit(this);
    field->setObjectName(name);
    browse = new QPushButton(tr("Choose…"), this);
    browse->setAutoDefault(false);
    connect(field, &QLineEdit::textChanged, this, &CompareDialog::judge);
    connect(browse, &QPushButton::clicked, this, [this, field] { choose(field); });
    return field;
}

void CompareDialog::choose(QLineEdit* field)
{
    auto* dialog = new QFileDialog(this, tr("Choose a recording"), m_commands.folder ? m_commands.folder() : QString());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Recordings (*.poolscope)"));
    connect(dialog, &QFileDialog::fileSelected, field, &QLineEdit::setText);
    dialog->open();
}

void CompareDialog::setFiles(const QString& before, const QString& after)
{
    m_before->setText(before);
    m_after->setText(after);
}

void CompareDialog::judge()
{
    m_compare->setEnabled(m_commands.compare && !m_before->text().isEmpty() && !m_after->text().isEmpty() &&
                          !m_background.busy());
    m_export->setEnabled(m_model.rowCount() > 0);
}

void CompareDialog::compare()
{
    m_busy->show();
    m_background.run([this, compare = m_commands.compare, before = m_before->text(),
                      after = m_after->text()](const std::stop_token& stop) -> Background::Finish {
        auto outcome = std::make_shared<core::Result<metrics::Comparison>>(compare(before, after, stop));
        return [this, outcome] { tell(*outcome); };
    });
    judge();
}

void CompareDialog::tell(const core::Result<metrics::Comparison>& outcome)
{
    m_busy->hide();
    if (!outcome) {
        m_said->setText(models::text(outcome.error().message));
        m_model.show({});
    } else {
        m_said->setText(tr("%1 of %2 series differ by more than noise.").arg(outcome->sure()).arg(outcome->series.size()));
        m_model.show(std::make_shared<const std::vector<metrics::SeriesDifference>>(outcome->series));
    }
    judge();
}

} // namespace widgets
