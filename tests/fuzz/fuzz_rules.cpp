// What people write into rule files and ask in PromQL, and what the program wrote about its alerts: any bytes
// end in a value or in an error of one line. The first byte says which reader gets the rest.
#include "monitor/alert/alert_memory.h"
#include "monitor/alert/incident_json.h"
#include "monitor/alert/rule_file.h"
#include "monitor/alert/silence.h"
#include "monitor/gotext/template.h"
#include "monitor/promql/querier.h"
#include "monitor/promql/text.h"
#include "monitor/series/head.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::int64_t kNow = 1'700'000'300'000; // ms

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

bool oneLine(std::string_view text)
{
    return text.find_first_of(std::string_view("\n\r\0", 3)) == std::string_view::npos;
}

// A few series of five minutes: a gauge with a gap, counters with a reset, a histogram.
const promql::Querier& querier()
{
    static series::Head head;
    static const promql::Querier made = [] {
        for (int i = 0; i <= 20; ++i) {
            std::vector<series::NamedSample> samples;
            const auto add = [&](metrics::Labels labels, double value) {
                samples.push_back({std::move(labels), value});
            };
            if (i % 7 != 3) {
                add({{"__name__", "g"}, {"job", "a"}}, 50 - i);
            }
            add({{"__name__", "c_total"}, {"job", "a"}}, i % 15);
            add({{"__name__", "c_total"}, {"job", "b"}}, i * 2.5);
            add({{"__name__", "h_bucket"}, {"le", "0.1"}}, i);
            add({{"__name__", "h_bucket"}, {"le", "+Inf"}}, i * 2);
            head.append(kNow - (20 - i) * 15'000, samples);
        }
        return promql::Querier(head);
    }();
    return made;
}

void queries(std::string_view text)
{
    if (const auto answer = querier().query(std::string(text), kNow); !answer) {
        require(!answer.error().message.empty());
    }
    static_cast<void>(promql::parseDuration(text));
    static_cast<void>(promql::parseNumber(text));
}

void rules(std::string_view text)
{
    if (const auto file = alert::parseRuleFile(text, "fuzz.yml"); !file) {
        require(file.error().line >= 0 && !file.error().reason.empty());
        require(file.error().text().starts_with("fuzz.yml"));
    }
}

void templates(std::string_view text)
{
    const auto parsed = gotext::Template::parse(text, "fuzz");
    if (!parsed) {
        require(parsed.error().message.starts_with("template: fuzz"));
        return;
    }
    gotext::TemplateContext context;
    context.labels = {{"__name__", "g"}, {"file", "a \"b\"\n<c>"}, {"job", "a"}};
    context.value = 0.8333;
    context.at = kNow;
    static_cast<void>(parsed->expand(context));
}

void memories(std::string_view text)
{
    if (const auto memory = alert::readMemory(text)) {
        require(alert::readMemory(alert::memoryJson(*memory)).has_value()); // what is written can be read
    }
    if (const auto incident = alert::readIncident(text)) {
        const std::string line = alert::incidentLine(*incident);
        require(oneLine(line) && alert::readIncident(line).has_value());
    }
}

void silences(std::string_view text)
{
    std::vector<std::string> problems;
    static_cast<void>(alert::readSilences(text, problems));
    static_cast<void>(alert::readSilence(text));
    static_cast<void>(alert::parseMatchers(text));
    static_cast<void>(alert::parseTime(text));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static constexpr std::size_t kMost = 16384;
    if (size < 1 || size > kMost) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        rules(text);
        break;
    case 1:
        queries(text);
        break;
    case 2:
        templates(text);
        break;
    case 3:
        memories(text);
        break;
    default:
        silences(text);
        break;
    }
    return 0;
}
