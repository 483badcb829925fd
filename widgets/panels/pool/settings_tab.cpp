#include "widgets/panels/pool/settings_tab.h"

#include "widgets/panels/pool_settings.h"

#include <QBoxLayout>

namespace widgets {

namespace {

constexpr int kWidest = 1100; // px: a name, its value and what it is for must be read as one line

} // namespace

SettingsTab::SettingsTab(const PanelContext& context, QWidget* parent)
    : PoolTab(context, parent)
    , m_settings(new PoolSettings(context.commands, this))
{
    m_settings->setMaximumWidth(kWidest);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(m_settings, 1);
    row->addStretch(0);
}

void SettingsTab::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    m_settings->showSnapshot(*snapshot);
}

bool SettingsTab::showHint(const QString& hint)
{
    auto* editor = m_settings->findChild<QWidget*>(QStringLiteral("pool.knob.") + hint);
    if (editor != nullptr) {
        editor->setFocus(Qt::ShortcutFocusReason);
    }
    return editor != nullptr;
}

} // namespace widgets
