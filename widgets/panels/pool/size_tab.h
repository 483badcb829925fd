// The tab of the size advisor: "what if the pool had n places".
#pragma once

#include "widgets/panels/pool/pool_tab.h"

namespace widgets {

class SizeTab final : public PoolTab {
    Q_OBJECT
public:
    explicit SizeTab(const PanelContext& context, QWidget* parent = nullptr);
    // The view asks by itself while it is seen.
    void showSnapshot(const metrics::SnapshotPtr& snapshot) override { Q_UNUSED(snapshot) }

protected:
    void retranslate() override {}
};

} // namespace widgets
