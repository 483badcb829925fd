#include "widgets/channels_view.h"

#include "models/text.h"
#include "widgets/dialogs/channel_dialog.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/sound_bar.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QItemSelectionModel>
#include <QPushButton>

#include <algorithm>

namespace widgets {

ChannelsView::ChannelsView(const ChannelCommands& commands, QWidget* parent)
    : QWidget(parent)
    , m_commands(commands)
    , m_table(new TableView(QStringLiteral("channels"), this))
    , m_add(new QPushButton(this))
    , m_edit(new QPushButton(this))
    , m_test(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_sound(new SoundBar(commands, this))
{
    setObjectName(QStringLiteral("channels"));
    m_order.setSourceModel(&m_model);
    m_table->setModel(&m_order);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(1, Qt::AscendingOrder);
    m_table->setColumnWidths({90, 140, 110, 70, 76, 84, 170});
    m_add->setObjectName(QStringLiteral("channels.add"));
    m_test->setObjectName(QStringLiteral("channels.test"));
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_add, m_edit, m_test, m_remove}) {
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kMedium);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    layout->addWidget(m_sound);
    connect(m_table, &TableView::notice, this, &ChannelsView::toast);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ChannelsView::showButtons);
    connect(m_table, &QTableView::doubleClicked, m_edit, &QPushButton::click);
    connect(m_add, &QPushButton::clicked, this, [this] { edit({}); });
    connect(m_edit, &QPushButton::clicked, this, [this] { edit(setupOf(chosen()->name)); });
    connect(m_test, &QPushButton::clicked, this, [this] { m_commands.test(setupOf(chosen()->name), {}); });
    connect(m_remove, &QPushButton::clicked, this, &ChannelsView::removeChosen);
    retranslate();
    showButtons();
}

void ChannelsView::show(const std::vector<metrics::ChannelRow>& rows)
{
    m_model.merge(rows);
    showButtons();
}

std::optional<metrics::ChannelRow> ChannelsView::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? std::nullopt : std::optional(m_model.at(m_order.mapToSource(rows.first()).row()));
}

metrics::ChannelSetup ChannelsView::setupOf(const std::string& name) const
{
    const auto setups = m_commands.setups();
    const auto at = std::ranges::find(setups, name, &metrics::ChannelSetup::name);
    return at == setups.end() ? metrics::ChannelSetup() : *at;
}

void ChannelsView::edit(const metrics::ChannelSetup& setup)
{
    auto* dialog = new ChannelDialog(m_commands, setup, this);
    dialog->open();
}

void ChannelsView::removeChosen()
{
    const std::string name = chosen()->name;
    confirm(this,
            {tr("Remove %1?").arg(models::text(name)),
             tr("What waits in its queue is thrown away, and so are its secrets."), tr("Remove")},
            [this, name] { m_commands.remove(name); });
}

void ChannelsView::showButtons()
{
    const auto row = chosen();
    const bool able = static_cast<bool>(m_commands.save);
    m_add->setEnabled(able);
    m_edit->setEnabled(able && row.has_value());
    m_test->setEnabled(able && row.has_value());
    m_remove->setEnabled(able && row && row->editable);
}

void ChannelsView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void ChannelsView::retranslate()
{
    m_add->setText(tr("Add a channel …"));
    m_edit->setText(tr("Edit …"));
    m_test->setText(tr("Send a test"));
    m_remove->setText(tr("Remove …"));
    m_table->setAccessibleName(tr("Channels"));
    m_table->setEmptyText(tr(
        "Nobody is told yet: add mail, Slack, DingTalk, a webhook, Alertmanager, a command or the desktop."));
}

} // namespace widgets
