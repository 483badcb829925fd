#include "monitor/engine/history_keeper.h"

#include "monitor/metrics/diary.h"
#include "monitor/series/breaks.h"
#include "monitor/store/read_session.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace engine {

namespace {

using metrics::Kind;
using metrics::MetricDef;
using store::StoreState;

constexpr std::int64_t kPast = 2 * 3'600'000; // ms: what the head holds

constexpr core::Text kFailing{"History cannot be written: {}. What is in memory goes on; trying again",
                              "历史无法写入：{}。内存中的数据继续保留，正在重试"};
constexpr core::Text kLocked{"History is not written here: {}. It begins as soon as that one ends",
                             "此处不写入历史：{}。对方结束后将自动开始"};
constexpr core::Text kNewer{"History is read only: the file was written by a newer Poolscope",
                            "历史只读：该文件由较新版本的 Poolscope 写入"};

constexpr std::array<std::string_view, 1> kByWhat{"what"};
constexpr std::array kDefs{
    MetricDef{"poolscope_history_bytes",
              Kind::Gauge,
              core::Unit::Bytes,
              "The history on disk, its log included",
              {"History on disk", "历史占用磁盘"},
              {},
              {}},
    MetricDef{"poolscope_history_up",
              Kind::Gauge,
              core::Unit::None,
              "1 while the history is being written, else 0",
              {"History written", "历史写入状态"},
              {},
              {}},
    MetricDef{"poolscope_history_lag_seconds",
              Kind::Gauge,
              core::Unit::Seconds,
              "Age of the newest sample on disk",
              {"History lag", "历史落后时间"},
              {},
              {}},
    MetricDef{"poolscope_history_samples_total",
              Kind::Counter,
              core::Unit::Count,
              "Samples written to the history",
              {"Samples kept", "写入历史的样本"},
              {},
              {}},
    MetricDef{"poolscope_history_dropped_total",
              Kind::Counter,
              core::Unit::Count,
              "Ticks and records dropped because the history could not be written in time",
              {"Not kept", "未写入历史"},
              {},
              kByWhat},
    MetricDef{"poolscope_history_failures_total",
              Kind::Counter,
              core::Unit::Count,
              "Transactions of the history that did not succeed",
              {"History failures", "历史写入失败"},
              {},
              {}},
};

} // namespace

HistoryKeeper::HistoryKeeper(store::StoreOptions options, series::Head& head, BannerBoard& banners,
                             std::function<core::Lang()> lang)
    : m_head(head)
    , m_banners(banners)
    , m_lang(std::move(lang))
    , m_disk(options.file)
    , m_merged(head, m_disk)
    , m_options(std::move(options))
{
    m_options.onState = [this](const store::StoreStatus& status) { onState(status); };
}

HistoryKeeper::~HistoryKeeper()
{
    stop();
}

void HistoryKeeper::start()
{
    m_started = core::SystemClock::instance().wallNow();
    m_history = std::make_unique<store::History>(m_options);
}

void HistoryKeeper::stop()
{
    if (m_history) {
        m_history->stop();
    }
    m_disk.stop();
}

void HistoryKeeper::onTick()
{
    std::vector<series::LatestSample> samples = m_head.newestTick();
    if (m_history && !samples.empty()) {
        const std::int64_t at = samples.front().sample.at;
        static_cast<void>(m_history->append({at, std::move(samples)}));
    }
}

void HistoryKeeper::onState(const store::StoreStatus& status)
{
    show(status);
    if (status.state == StoreState::Open && !m_opened) {
        m_opened = true; // what an earlier run has left is sealed now
        m_disk.post([this](store::ReadSession* session) {
            if (session != nullptr) {
                tellPast(*session);
                loadPast(*session);
            }
        });
    }
}

void HistoryKeeper::show(const store::StoreStatus& status)
{
    const auto raise = [&](const core::Text& text) {
        std::string line = fmt::format(fmt::runtime(text.in(m_lang())), status.problem);
        spdlog::warn("{}", line);
        m_banners.raise({"history", false, {}, std::move(line), status.problem, core::Nanos(0)});
    };
    switch (status.state) {
    case StoreState::Failing:
        raise(kFailing);
        return;
    case StoreState::Locked:
        raise(kLocked);
        return;
    case StoreState::NewerFile:
        raise(kNewer);
        return;
    case StoreState::Open:
    case StoreState::Off:
        m_banners.clear("history");
        return;
    }
}

// Between the last sample of the run before and this start nothing was watched.
void HistoryKeeper::tellPast(store::ReadSession& session) const
{
    if (!m_tellPast) {
        return;
    }
    try {
        const std::int64_t last = session.database().number(
            QStringLiteral("SELECT max(last_at) FROM block WHERE last_at < ?"), {qint64(core::epochMillis(m_started))});
        if (last > 0) {
            m_tellPast({metrics::Mark::Kind::Gap, core::WallTime(std::chrono::milliseconds(last)),
                        std::string(metrics::gapReasonName(metrics::GapReason::NotRunning)), m_started});
            m_tellPast({metrics::Mark::Kind::Restarted, m_started, ""});
        }
    } catch (const store::SqlFailure& failure) {
        spdlog::warn("history: {}", failure.message);
    }
}

// Charts and rules see the past: metric by metric, so that never all of it is held unpacked.
void HistoryKeeper::loadPast(store::ReadSession& session)
{
    const std::int64_t now = core::epochMillis(core::SystemClock::instance().wallNow());
    const std::int64_t from = now - kPast;
    const std::int64_t to = std::min(m_head.completeFrom() - 1, now);
    try {
        std::vector<std::string> names;
        for (const series::LabelsPtr& labels : session.list({}, from, to)) {
            const std::string_view name = series::labelValue(*labels, series::kNameLabel);
            if (names.empty() || names.back() != name) {
                names.emplace_back(name);
            }
        }
        for (const std::string& name : names) {
            const std::array matchers{series::Matcher::equal(std::string(series::kNameLabel), name)};
            std::vector<series::SeriesData> past = session.sampled(matchers, from, to, {});
            for (series::SeriesData& data : past) {
                series::endAtBreaks(data.samples, 0, to); // between two runs nobody looked
            }
            m_head.adoptPast(past);
        }
        m_head.pastIsComplete(from);
    } catch (const store::SqlFailure& failure) {
        spdlog::warn("history: {}", failure.message);
    } catch (const series::TooManySamples& failure) {
        spdlog::warn("history: {}", failure.what());
    }
}

std::span<const MetricDef> HistoryCollector::metrics() const noexcept
{
    return kDefs;
}

core::Result<void> HistoryCollector::collect(metrics::SampleBuilder& out)
{
    if (!m_status) {
        return {};
    }
    const store::StoreStatus status = m_status();
    out.push(kDefs[0], static_cast<double>(status.bytes));
    out.push(kDefs[1], status.state == StoreState::Open ? 1 : 0);
    if (status.newest != 0) {
        const std::int64_t now = core::epochMillis(core::SystemClock::instance().wallNow());
        out.push(kDefs[2], static_cast<double>(std::max<std::int64_t>(0, now - status.newest)) / 1000);
    }
    out.push(kDefs[3], static_cast<double>(status.samplesWritten));
    out.push(kDefs[4], static_cast<double>(status.ticksDropped), {{"what", "ticks"}});
    out.push(kDefs[4], static_cast<double>(status.recordsDropped), {{"what", "records"}});
    out.push(kDefs[5], static_cast<double>(status.failures));
    return {};
}

} // namespace engine
