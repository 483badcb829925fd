// What happened, in plain words: for somebody who was not there.
#pragma once

#include "monitor/report/document.h"
#include "monitor/report/facts.h"

#include <string>

namespace report {

// The incident a reader wants to hear of first: the most severe one, of these one of the pool before one of the machine, then the
// one that lasted longest; null without one.
[[nodiscard]] const metrics::Incident* worstIncident(const Facts& facts);
// When it was over: its end, or the end of the range while it is open.
[[nodiscard]] core::WallTime endOf(const metrics::Incident& incident, const Facts& facts);

struct Summary {
    std::string verdict; // one sentence
    Tone tone = Tone::Plain;
    Points points; // what, when, how bad, cause, what was done, now
};
// Pure.
[[nodiscard]] Summary summaryOf(const Facts& facts);

// The cause as far as it was seen when the alert fired; empty when nothing tells.
[[nodiscard]] std::string causeOf(const metrics::Incident& incident, core::Lang lang);
// Whether more places would have helped: from the demand that was seen, and from recorded requests where
// there are some.
[[nodiscard]] std::string sizeAdvice(const Facts& facts);

} // namespace report
