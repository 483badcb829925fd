// Whose word counts about each rule now: ours, or a server's that owns it and is seen to watch it.
#pragma once

#include "monitor/alert/remote_index.h"
#include "monitor/alert/rule_rows.h"
#include "monitor/alert/rule_state.h"
#include "monitor/metrics/remote_rows.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace alert {

// As it is shown among ours. `stale`: its server is away, and this is what was heard last.
[[nodiscard]] metrics::AlertRow rowOf(const metrics::RemoteAlert& alert, core::WallTime now, bool stale,
                                      core::Lang lang);

// A server watches a rule when it answers, has a rule of that name and evaluates it (health other than
// "err"). When none does for longer than takeOver of the one that was to (the least, where none is known to
// have it; 2 min without any server), the rule is told here, until one does again. Not thread-safe.
class Ownership {
public:
    // One evaluation: how the servers are, then how each rule stands. `key` is its own for ever.
    // The reasons of ours are in `lang`, those of a server in its own words.
    void look(const metrics::RemoteView& view, core::Lang lang);
    [[nodiscard]] metrics::RuleStanding stand(const std::string& key, const LiveRule& live,
                                              const Moment& now);
    // As of the last look().
    [[nodiscard]] const RemoteIndex& there() const noexcept { return m_index; }
    // After stand() of all rules: what is known of others goes.
    void forgetRest();

private:
    struct Known {
        std::optional<Moment> unwatched; // since when nobody was seen to watch it
        std::optional<core::WallTime> since;
        metrics::RuleStanding::Watch watch = metrics::RuleStanding::Watch::Here;
        std::vector<metrics::RuleDifference> differences;
        bool seen = false; // by this evaluation
    };

    void judge(metrics::RuleStanding& standing, Known& known, core::Nanos takeOver, const Moment& now);
    void compare(metrics::RuleStanding& standing, Known& known, const LiveRule& live,
                 const Moment& now) const;

    RemoteIndex m_index;
    core::Lang m_lang = core::Lang::English;
    std::map<std::string, Known> m_known;
};

} // namespace alert
