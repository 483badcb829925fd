// Every setting of the pool, with before and after, apply and undo.
#pragma once

#include "widgets/panels/pool/pool_tab.h"

namespace widgets {

class PoolSettings;

class SettingsTab final : public PoolTab {
    Q_OBJECT
public:
    explicit SettingsTab(const PanelContext& context, QWidget* parent = nullptr);
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override;
    // A setting's name: puts the keyboard there.
    bool showHint(const QString& hint) override;

protected:
    void retranslate() override {}

private:
    PoolSettings* m_settings;
};

} // namespace widgets
