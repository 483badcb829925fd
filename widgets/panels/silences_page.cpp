#include "widgets/panels/silences_page.h"

#include "widgets/dialogs/silence_dialog.h"
#include "widgets/save_file.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QFileDialog>
#include <QItemSelectionModel>
#include <QPushButton>

#include <functional>

namespace widgets {

SilencesPage::SilencesPage(const AlertCommands* commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_view(new TableView(QStringLiteral("silences"), this))
    , m_new(new QPushButton(this))
    , m_end(new QPushButton(this))
    , m_import(new QPushButton(this))
    , m_export(new QPushButton(this))
{
    m_order.setSourceModel(&m_model);
    m_view->setModel(&m_order);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    m_view->setColumnWidths({96, 300, 76, 160, 110});
    m_new->setObjectName(QStringLiteral("silences.new"));
    m_end->setObjectName(QStringLiteral("silences.end"));
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_new, m_end}) {
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    for (QPushButton* button : {m_import, m_export}) {
        buttons->addWidget(button);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addLayout(buttons);
    layout->addWidget(m_view, 1);
    connect(m_new, &QPushButton::clicked, this, [this] { ask({}); });
    connect(m_end, &QPushButton::clicked, this, &SilencesPage::endChosen);
    connect(m_import, &QPushButton::clicked, this, &SilencesPage::importFile);
    connect(m_export, &QPushButton::clicked, this, &SilencesPage::exportFile);
    connect(m_view, &TableView::notice, this, &SilencesPage::notice);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_end->setEnabled(m_view->selectionModel()->hasSelection()); });
    m_end->setEnabled(false);
    retranslate();
}

void SilencesPage::refresh()
{
    if (m_commands != nullptr && m_commands->silences) {
        m_model.merge(m_commands->silences());
    }
}

int SilencesPage::active() const
{
    const core::WallTime now = core::SystemClock::instance().wallNow();
    int active = 0;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        active += m_model.at(row).stateAt(now) == metrics::SilenceState::Active ? 1 : 0;
    }
    return active;
}

void SilencesPage::ask(const QString& matchers)
{
    if (m_commands == nullptr || !m_commands->silence) {
        return;
    }
    auto* dialog = new SilenceDialog(matchers, m_commands->preview, this);
    connect(dialog, &SilenceDialog::wanted, this, [this](const metrics::SilenceRow& silence) {
        m_commands->silence(silence);
        refresh();
    });
    dialog->open();
}

void SilencesPage::endChosen()
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    if (!rows.isEmpty() && m_commands != nullptr && m_commands->expireSilence) {
        m_commands->expireSilence(
            QString::fromStdString(m_model.at(m_order.mapToSource(rows.first()).row()).id));
        refresh();
    }
}

void SilencesPage::importFile()
{
    auto* dialog =
        new QFileDialog(this, tr("Import silences"), QString(), tr("Alertmanager's silences (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        if (m_commands != nullptr && m_commands->importSilences) {
            m_commands->importSilences(path);
            refresh();
        }
    });
    dialog->open();
}

void SilencesPage::exportFile()
{
    auto* dialog = new QFileDialog(this, tr("Export silences"), QStringLiteral("silences.json"),
                                   tr("Alertmanager's silences (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        if (m_commands != nullptr && m_commands->writeSilences) {
            runFileWork(path, std::bind_front(m_commands->writeSilences, path), this,
                        [this](const QString& told) { Q_EMIT notice(told); });
        }
    });
    dialog->open();
}

void SilencesPage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void SilencesPage::retranslate()
{
    m_new->setText(tr("New silence …"));
    m_end->setText(tr("End it now"));
    m_import->setText(tr("Import …"));
    m_export->setText(tr("Export …"));
    m_view->setEmptyText(tr("No silences. Shift+S on an alert makes one."));
    m_view->setAccessibleName(tr("Silences"));
}

} // namespace widgets
