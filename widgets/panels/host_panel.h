// Host: what the machine has to give. Processors, memory, disks, load, network, pressure, and what watching
// costs.
#pragma once

#include "widgets/panels/chart_page.h"

namespace widgets {

class Facts;
class Meters;

class HostPanel final : public ChartPage {
    Q_OBJECT
public:
    explicit HostPanel(const PanelContext& context, QWidget* parent = nullptr);

protected:
    void showFigures(const metrics::Snapshot& snapshot) override;
    void retranslate() override;

private:
    void buildProcessors();
    void buildDisks();
    void buildFlows();
    void buildOwn();
    void showCores(const metrics::Snapshot& snapshot);
    void showDisks(const metrics::Snapshot& snapshot);
    void showOwn(const metrics::Snapshot& snapshot);
    void showNotes(const metrics::Snapshot& snapshot);
    void fitDiskSeries(const std::vector<QString>& mounts);
    [[nodiscard]] ChartSpec diskSpec() const;

    ChartCard* m_cpu = nullptr;
    ChartCard* m_load = nullptr;
    ChartCard* m_memory = nullptr;
    ChartCard* m_diskTrend = nullptr;
    ChartCard* m_diskFlow = nullptr;
    ChartCard* m_network = nullptr;
    ChartCard* m_pressure = nullptr;
    Card* m_coreCard = nullptr;
    Meters* m_cores = nullptr;
    Card* m_diskCard = nullptr;
    Meters* m_disks = nullptr;
    Card* m_ownCard = nullptr;
    Facts* m_own = nullptr;
    std::vector<QString> m_mounts; // the series of m_diskTrend, at most four
};

} // namespace widgets
