#include "monitor/alert/alertmanager_api.h"

#include "monitor/alert/json_fields.h"
#include "monitor/alert/silence.h"
#include "monitor/core/format.h"
#include "monitor/metrics/fingerprint.h"
#include "monitor/series/matcher.h"

#include <algorithm>
#include <utility>

namespace alert {

using fields::json;
using metrics::AlertRow;

namespace {

constexpr const char* kReceiver = "poolscope";
constexpr auto kResendFor =
    std::chrono::minutes(4); // endsAt of what still fires: four times its resend delay
constexpr std::size_t kMaxFilters = 64;

core::Result<std::vector<series::Matcher>> matchersOf(const std::vector<std::string>& filters)
{
    std::vector<series::Matcher> matchers;
    for (const std::string& filter : filters) {
        const auto parsed = parseMatchers(filter);
        if (!parsed || matchers.size() + parsed->size() > kMaxFilters) {
            return core::fail(parsed ? "too many matchers" : parsed.error().message, "bad_data");
        }
        for (const metrics::SilenceMatcher& one : *parsed) {
            const series::MatchOp op =
                one.isRegex ? (one.isEqual ? series::MatchOp::Regex : series::MatchOp::NotRegex)
                            : (one.isEqual ? series::MatchOp::Equal : series::MatchOp::NotEqual);
            auto made = series::Matcher::make(op, one.name, one.value);
            if (!made) {
                return core::fail(made.error().message, "bad_data");
            }
            matchers.push_back(std::move(*made));
        }
    }
    return matchers;
}

// Who else hides it: silences by their ids; a snooze has none, its incident stands for it.
std::vector<std::string> silencedBy(const AlertRow& row)
{
    std::vector<std::string> by = row.silencedBy;
    if (row.snoozedUntil != core::WallTime{}) {
        by.push_back("snoozed-" + row.incidentId);
    }
    return by;
}

bool wanted(const AlertRow& row, const AlertQuery& query)
{
    const bool silenced = !silencedBy(row).empty();
    return (query.active || silenced || row.inhibited) && (query.silenced || !silenced) &&
           (query.inhibited || !row.inhibited);
}

json alertJson(const AlertRow& row, core::WallTime now)
{
    const auto silenced = silencedBy(row);
    const bool suppressed = !silenced.empty() || row.inhibited;
    json inhibitedBy = json::array();
    if (row.inhibited) {
        inhibitedBy.push_back(fields::text(row.inhibitedBy));
    }
    json annotations = json::object();
    for (const auto& [name, value] : row.annotations) {
        annotations[fields::text(name)] = fields::text(value);
    }
    return {{"labels", fields::labels(row.labels)},
            {"annotations", std::move(annotations)},
            {"startsAt", core::isoUtc(row.firedAt)},
            {"endsAt", core::isoUtc(now + kResendFor)},
            {"updatedAt", core::isoUtc(now)},
            {"generatorURL", ""},
            {"fingerprint", metrics::fingerprintText(metrics::fingerprintOf(row.labels))},
            {"receivers", json::array({json{{"name", kReceiver}}})},
            {"status",
             {{"state", suppressed ? "suppressed" : "active"},
              {"silencedBy", silenced},
              {"inhibitedBy", std::move(inhibitedBy)}}}};
}

// A silence fits when its own matchers' values satisfy the filters, as amtool expects.
metrics::Labels labelsOf(const metrics::SilenceRow& silence)
{
    metrics::Labels labels;
    for (const metrics::SilenceMatcher& matcher : silence.matchers) {
        series::setLabel(labels, matcher.name, matcher.value);
    }
    return labels;
}

} // namespace

AlertmanagerApi::AlertmanagerApi(Attention& attention, std::function<std::vector<AlertRow>()> alerts,
                                 const core::Clock& clock)
    : m_attention(attention)
    , m_alerts(std::move(alerts))
    , m_clock(clock)
{
}

core::Result<std::string> AlertmanagerApi::alerts(const AlertQuery& query) const
{
    const auto matchers = matchersOf(query.filters);
    if (!matchers) {
        return core::Unexpected<core::Error>{matchers.error()};
    }
    const auto receiver = series::Matcher::make(series::MatchOp::Regex, "receiver", query.receiver);
    if (!receiver) {
        return core::fail("failed to parse receiver param: " + receiver.error().message, "bad_data");
    }
    json array = json::array();
    const bool any = query.receiver.empty() || receiver->matches(kReceiver);
    std::vector<AlertRow> rows = any ? m_alerts() : std::vector<AlertRow>();
    const core::WallTime now = m_clock.wallNow();
    for (AlertRow& row : rows) {
        m_attention.markSilenced(row, now); // a silence holds from the moment it is made, not from the next tick
        if (metrics::isOpen(row.state) && wanted(row, query) && series::matchesAll(*matchers, row.labels)) {
            array.push_back(alertJson(row, now));
        }
    }
    return array.dump();
}

core::Result<std::string> AlertmanagerApi::silences(const std::vector<std::string>& filters) const
{
    const auto matchers = matchersOf(filters);
    if (!matchers) {
        return core::Unexpected<core::Error>{matchers.error()};
    }
    const core::WallTime now = m_clock.wallNow();
    auto rows = m_attention.silences(now);
    std::erase_if(rows, [&](const auto& row) { return !series::matchesAll(*matchers, labelsOf(row)); });
    return silencesJson(rows, now);
}

core::Result<std::string> AlertmanagerApi::silence(const std::string& id) const
{
    const core::WallTime now = m_clock.wallNow();
    const auto rows = m_attention.silences(now);
    const auto at = std::ranges::find_if(rows, [&](const auto& row) { return row.id == id; });
    return at != rows.end() ? core::Result<std::string>(silenceJson(*at, now))
                            : core::fail("silence not found", "not_found");
}

core::Result<std::string> AlertmanagerApi::post(std::string_view text)
{
    auto silence = readSilence(text);
    if (!silence) {
        return core::fail(silence.error().message, "bad_data");
    }
    auto id = m_attention.putSilence(std::move(*silence), m_clock.wallNow());
    if (!id) {
        return core::fail(id.error().message, id.error().code == "not_found" ? "not_found" : "bad_data");
    }
    return json{{"silenceID", *id}}.dump();
}

core::Result<void> AlertmanagerApi::expire(const std::string& id)
{
    return m_attention.expireSilence(id, m_clock.wallNow());
}

} // namespace alert
