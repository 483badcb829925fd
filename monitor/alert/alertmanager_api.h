// Alertmanager's API, version 2, over our alerts: so that amtool, karma and Nagstamon work.
#pragma once

#include "monitor/alert/attention.h"
#include "monitor/core/clock.h"
#include "monitor/core/result.h"
#include "monitor/metrics/alert_rows.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace alert {

// What GET /api/v2/alerts is asked; Alertmanager's defaults.
struct AlertQuery {
    std::vector<std::string> filters; // matchers, all of which must hold
    std::string receiver;             // anchored regular expression; empty: any
    bool active = true;
    bool silenced = true;
    bool inhibited = true;
    bool unprocessed = true;
};

// Thread-safe as far as the functions given are. Answers are JSON as github.com/prometheus/alertmanager's
// api/v2 writes it; the code of an error is "bad_data" or "not_found".
class AlertmanagerApi {
public:
    AlertmanagerApi(Attention& attention, std::function<std::vector<metrics::AlertRow>()> alerts,
                    const core::Clock& clock = core::SystemClock::instance());

    // Firing ones; pending ones are not told to an Alertmanager either. Snoozed ones count as silenced.
    [[nodiscard]] core::Result<std::string> alerts(const AlertQuery& query) const;
    [[nodiscard]] core::Result<std::string> silences(const std::vector<std::string>& filters) const;
    [[nodiscard]] core::Result<std::string> silence(const std::string& id) const;
    // {"silenceID": …}.
    [[nodiscard]] core::Result<std::string> post(std::string_view json);
    [[nodiscard]] core::Result<void> expire(const std::string& id);

private:
    Attention& m_attention;
    const std::function<std::vector<metrics::AlertRow>()> m_alerts;
    const core::Clock& m_clock;
};

} // namespace alert
