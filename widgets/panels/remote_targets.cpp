#include "widgets/panels/remote_targets.h"

#include "models/text.h"
#include "widgets/panels/remote_page.h"
#include "widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QEvent>
#include <QItemSelectionModel>
#include <QLabel>

namespace widgets {

RemoteTargets::RemoteTargets(const RemoteCommands* commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_health(new QLabel(this))
    , m_table(new TableView(QStringLiteral("remote.targets"), this))
    , m_watch(new QAction(m_table))
{
    m_health->setObjectName(QStringLiteral("remoteTargets.health"));
    m_health->setProperty("role", QStringLiteral("muted"));
    m_health->setTextFormat(Qt::PlainText);
    m_health->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_order.setSourceModel(&m_model);
    m_table->setModel(&m_order);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    m_table->setColumnWidths({110, 120, 190, 104, 64, 60, 110, 90, 150});
    m_watch->setObjectName(QStringLiteral("remoteTargets.watch"));
    m_table->addMenuAction(m_watch);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_health);
    layout->addWidget(m_table, 1);
    connect(m_table, &TableView::notice, this, &RemoteTargets::notice);
    connect(m_watch, &QAction::triggered, this, [this] {
        const QModelIndexList rows = m_table->selectionModel()->selectedRows();
        if (!rows.isEmpty()) {
            Q_EMIT watchAsked(models::text(m_model.at(m_order.mapToSource(rows.first()).row()).url));
        }
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_watch->setEnabled(m_table->selectionModel()->hasSelection()); });
    m_watch->setEnabled(false);
    retranslate();
}

void RemoteTargets::refresh()
{
    metrics::RemoteView view =
        m_commands != nullptr && m_commands->view ? m_commands->view() : metrics::RemoteView();
    if (view == m_view) {
        return;
    }
    m_view = std::move(view);
    std::vector<metrics::RemoteTarget> targets;
    for (const auto& server : m_view) {
        targets.insert(targets.end(), server->targets.begin(), server->targets.end());
    }
    m_model.merge(targets);
    showHealth();
}

int RemoteTargets::down() const
{
    int count = 0;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        count += m_model.at(row).health == "down" ? 1 : 0;
    }
    return count;
}

void RemoteTargets::showHealth()
{
    const QString trouble = troubleOf(m_view);
    QStringList names;
    bool heard = false;
    for (const auto& server : m_view) {
        names << models::text(server->name);
        heard |= server->heard != core::WallTime{};
    }
    m_health->setText(!trouble.isEmpty() ? trouble
                                         : tr("As %1 sees them. The menu of a row watches it from here, too.")
                                               .arg(names.join(QStringLiteral(", "))));
    m_health->setToolTip(trouble);
    m_table->setEmptyText(heard ? tr("There are no targets there.")
                                : tr("What is known there cannot be told: there is no answer yet."));
}

void RemoteTargets::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void RemoteTargets::retranslate()
{
    m_watch->setText(tr("Watch it here, too …"));
    m_table->setAccessibleName(tr("Targets at Prometheus"));
    showHealth();
}

} // namespace widgets
