#include "widgets/panels/host_panel.h"

#include "models/text.h"
#include "widgets/charts/facts.h"
#include "widgets/charts/flow_grid.h"
#include "widgets/charts/meters.h"
#include "widgets/panels/levels.h"

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

using core::Unit;

constexpr std::size_t kMostDiskLines = 4;

QString valueOf(const metrics::Snapshot& snapshot, const char* name, Unit unit)
{
    return models::valueText(snapshot.value(name), unit);
}

QString labelOf(const metrics::Series& series, const char* label)
{
    const auto at = std::find_if(series.labels.begin(), series.labels.end(),
                                 [&](const auto& pair) { return pair.first == label; });
    return at == series.labels.end() ? QString() : models::text(at->second);
}

double lastOf(ChartCard* card, std::size_t series)
{
    const auto all = card->chart()->samples(series).all();
    return all.empty() ? std::nan("") : all.back().value;
}

QString two(const QString& pattern, ChartCard* card)
{
    return pattern.arg(models::valueText(lastOf(card, 0), Unit::BytesPerSecond),
                       models::valueText(lastOf(card, 1), Unit::BytesPerSecond));
}

} // namespace

HostPanel::HostPanel(const PanelContext& context, QWidget* parent)
    : ChartPage(context, parent)
{
    buildProcessors();
    buildDisks();
    buildFlows();
    buildOwn();
    retranslate();
}

void HostPanel::buildProcessors()
{
    m_cpu = addChart({[] {
                          return ChartSpec{tr("CPU"), Unit::Ratio, 1.0, {{tr("CPU"), 0, LineStyle::Area}}};
                      },
                      {gauge("host_cpu_usage_ratio")},
                      "host_cpu_usage_ratio"});
    m_coreCard = new Card(this);
    m_cores = new Meters(m_coreCard);
    m_coreCard->body()->addWidget(m_cores);
    m_load = addChart({[] {
                           return ChartSpec{tr("Load"),
                                            Unit::Load,
                                            std::nullopt,
                                            {{tr("1 min"), 0}, {tr("5 min"), 1}, {tr("15 min"), 2}}};
                       },
                       {gauge("host_load1"), gauge("host_load5"), gauge("host_load15")},
                       "host_load5"});
    auto* grid = new FlowGrid;
    grid->add(m_cpu, {330, 190, 5});
    grid->add(m_coreCard, {220, 190, 3});
    grid->add(m_load, {330, 190, 5});
    column()->addLayout(grid, 1);
}

void HostPanel::buildDisks()
{
    m_memory = addChart({[] {
                             return ChartSpec{tr("Memory"),
                                              Unit::Ratio,
                                              1.0,
                                              {{tr("memory"), 0, LineStyle::Area}, {tr("swap"), 1}}};
                         },
                         {gauge("host_memory_usage_ratio"), gauge("host_swap_usage_ratio")},
                         "host_memory_usage_ratio"});
    m_diskCard = new Card(this);
    m_disks = new Meters(m_diskCard);
    m_diskCard->body()->addWidget(m_disks);
    m_diskTrend = addChart({[this] { return diskSpec(); }, {}, "host_disk_usage_ratio"});
    auto* grid = new FlowGrid;
    grid->add(m_memory, {330, 190, 5});
    grid->add(m_diskCard, {220, 190, 3});
    grid->add(m_diskTrend, {330, 190, 5});
    column()->addLayout(grid, 1);
}

void HostPanel::buildFlows()
{
    m_diskFlow = addChart(
        {[] {
             return ChartSpec{
                 tr("Disk I/O"), Unit::BytesPerSecond, std::nullopt, {{tr("read"), 0}, {tr("written"), 1}}};
         },
         {rateSum("host_disk_read_bytes_total"), rateSum("host_disk_written_bytes_total")}});
    m_network = addChart(
        {[] {
             return ChartSpec{
                 tr("Network"), Unit::BytesPerSecond, std::nullopt, {{tr("received"), 0}, {tr("sent"), 2}}};
         },
         {rateSum("host_network_receive_bytes_total"), rateSum("host_network_transmit_bytes_total")}});
}

void HostPanel::buildOwn()
{
    m_pressure =
        addChart({[] {
                      return ChartSpec{tr("Pressure"),
                                       Unit::Ratio,
                                       std::nullopt,
                                       {{tr("CPU"), 0}, {tr("memory"), 3}, {tr("I/O"), 1}}};
                  },
                  {gauge("host_pressure_cpu_waiting_ratio"), gauge("host_pressure_memory_waiting_ratio"),
                   gauge("host_pressure_io_waiting_ratio")}});
    m_ownCard = new Card(this);
    m_own = new Facts(m_ownCard);
    m_ownCard->body()->addWidget(m_own);
    auto* grid = new FlowGrid;
    grid->add(m_network, {250, 190, 5});
    grid->add(m_diskFlow, {250, 190, 5});
    grid->add(m_pressure, {250, 190, 5});
    grid->add(m_ownCard, {210, 190, 4});
    column()->addLayout(grid, 1);
}

ChartSpec HostPanel::diskSpec() const
{
    ChartSpec spec{tr("Disk use"), Unit::Ratio, 1.0, {}};
    for (std::size_t i = 0; i < m_mounts.size(); ++i) {
        spec.series.push_back({m_mounts[i], static_cast<int>(i)});
    }
    return spec;
}

void HostPanel::retranslate()
{
    m_coreCard->setTitle(tr("Processors"));
    m_cores->setAccessibleName(tr("Processors"));
    m_cores->setEmptyText(tr("No figures for single processors yet"));
    m_diskCard->setTitle(tr("Disks"));
    m_disks->setAccessibleName(tr("Disks"));
    m_disks->setEmptyText(tr("No disk was seen yet"));
    m_ownCard->setTitle(tr("Cost of watching"));
    m_own->setAccessibleName(tr("Cost of watching"));
    m_pressure->chart()->setEmptyText(tr("This kernel tells nothing about pressure (PSI)"));
    m_pressure->setToolTip(tr("Share of the time in which some work waited for the resource"));
}

void HostPanel::showFigures(const metrics::Snapshot& snapshot)
{
    showCores(snapshot);
    showDisks(snapshot);
    showOwn(snapshot);
    showNotes(snapshot);
}

void HostPanel::showNotes(const metrics::Snapshot& snapshot)
{
    m_cpu->setNote(valueOf(snapshot, "host_cpu_usage_ratio", Unit::Ratio));
    const double cores = snapshot.value("host_cpu_cores");
    m_load->setNote(std::isnan(cores) ? QString()
                                      : tr("cores: %1").arg(models::valueText(cores, Unit::Count)));
    const double total = snapshot.value("host_memory_total_bytes");
    const double used = total - snapshot.value("host_memory_available_bytes");
    if (!std::isnan(used)) {
        m_memory->setNote(
            tr("%1 of %2 used")
                .arg(models::valueText(used, Unit::Bytes), models::valueText(total, Unit::Bytes)));
    }
    m_diskFlow->setNote(two(QStringLiteral("↑ %2  ↓ %1"), m_diskFlow));
    m_network->setNote(two(QStringLiteral("↓ %1  ↑ %2"), m_network));
}

void HostPanel::showCores(const metrics::Snapshot& snapshot)
{
    std::vector<Meter> meters;
    const metrics::Family* family = snapshot.find("host_cpu_core_usage_ratio");
    for (std::size_t i = 0; family && i < family->series.size(); ++i) {
        const metrics::Series& series = family->series[i];
        const QString name =
            series.labels.empty() ? QString::number(i) : models::text(series.labels.front().second);
        meters.push_back({name, series.value, models::valueText(series.value, Unit::Ratio), StatusLevel::Ok});
    }
    const double cores = snapshot.value("host_cpu_cores");
    m_coreCard->setNote(std::isnan(cores) ? QString() : models::valueText(cores, Unit::Count));
    m_cores->show(std::move(meters));
}

void HostPanel::showDisks(const metrics::Snapshot& snapshot)
{
    std::vector<Meter> meters;
    std::vector<QString> mounts;
    const metrics::Family* family = snapshot.find("host_disk_usage_ratio");
    for (std::size_t i = 0; family && i < family->series.size(); ++i) {
        const metrics::Series& series = family->series[i];
        const QString mount = labelOf(series, "mountpoint");
        const double free = snapshot.value("host_disk_available_bytes", series.labels);
        meters.push_back(
            {mount, series.value,
             tr("%1 · %2 free")
                 .arg(models::valueText(series.value, Unit::Ratio), models::valueText(free, Unit::Bytes)),
             ruleLevel(series.value, snapshot, "host_disk_usage_ratio")});
        if (mounts.size() < kMostDiskLines) {
            mounts.push_back(mount);
        }
    }
    m_disks->show(std::move(meters));
    fitDiskSeries(mounts);
}

// One line a mount point, as they come and go.
void HostPanel::fitDiskSeries(const std::vector<QString>& mounts)
{
    if (mounts == m_mounts) {
        return;
    }
    m_mounts = mounts;
    m_diskTrend->setSpec(diskSpec());
    std::vector<Feed> feeds;
    for (const QString& mount : m_mounts) {
        feeds.push_back(gauge("host_disk_usage_ratio", {{"mountpoint", mount.toStdString()}}));
    }
    feederOf(m_diskTrend)->setFeeds(std::move(feeds));
}

void HostPanel::showOwn(const metrics::Snapshot& snapshot)
{
    const metrics::CostView& cost = snapshot.cost;
    const auto whole = [](std::uint64_t count) { return QString::number(static_cast<qulonglong>(count)); };
    std::vector<Fact> facts{
        {tr("CPU, of one core"), models::valueText(cost.cpuRatio, Unit::Ratio)},
        {tr("Memory"), cost.residentBytes == 0
                           ? QStringLiteral("–")
                           : models::valueText(static_cast<double>(cost.residentBytes), Unit::Bytes)},
        {tr("Server's time"), models::valueText(cost.dbTimeRatio, Unit::Ratio)},
        {tr("One sample takes"), models::valueText(core::seconds(cost.tickCost), Unit::Seconds)},
        {tr("Samples missed"), whole(cost.missedTicks),
         cost.missedTicks > 0 ? StatusLevel::Warning : StatusLevel::Ok},
        {tr("Events dropped"), whole(cost.droppedEvents),
         cost.droppedEvents > 0 ? StatusLevel::Warning : StatusLevel::Ok},
        {tr("Processes"), valueOf(snapshot, "host_processes", Unit::Count)}};
    for (const metrics::SourceStatus& source : snapshot.sources) {
        if (source.state != metrics::SourceState::Ok && facts.size() < 9) {
            const bool failed = source.state == metrics::SourceState::Failed;
            facts.push_back({models::text(source.name), models::word(source.state),
                             failed ? StatusLevel::Error : StatusLevel::NoData});
        }
    }
    m_own->show(std::move(facts));
}

} // namespace widgets
