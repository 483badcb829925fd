// Source of every text: template/template.go of Prometheus 2.42 (Apache-2.0) and text/template/funcs.go of Go 1.19.
#include "monitor/alert/template_functions.h"

#include "monitor/alert/template_node.h"
#include "monitor/promql/text.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

namespace alert {

namespace {

using Arguments = std::span<const TemplateValue>;

[[noreturn]] void fail(std::string_view function, const std::string& reason)
{
    throw TemplateError("error calling " + std::string(function) + ": " + reason);
}

TemplateValue make(auto value)
{
    TemplateValue result;
    result.data = std::move(value);
    return result;
}

std::string fourDigits(double value, std::string_view suffix)
{
    if (!std::isfinite(value)) {
        return goNumber(value) + std::string(suffix);
    }
    std::array<char, 48> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.4g", value);
    return std::string(buffer.data(), static_cast<std::size_t>(length)).append(suffix);
}

double toFloat(const TemplateValue& value, std::string_view function)
{
    if (const auto* number = std::get_if<double>(&value.data)) {
        return *number;
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
        return static_cast<double>(*whole);
    }
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        double number = 0;
        if (promql::parseFloat(*text, number)) {
            return number;
        }
        fail(function, "strconv.ParseFloat: parsing " + promql::goQuoted(*text) + ": invalid syntax");
    }
    fail(function, "can't convert " + std::string(value.typeName()) + " to float");
}

const std::string& toText(const TemplateValue& value, std::string_view function)
{
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        return *text;
    }
    throw TemplateError("wrong type for value; expected string; got " + std::string(value.typeName()) + " in "
                        + std::string(function));
}

template <std::size_t N>
std::string scaled(double value, double step, const std::array<std::string_view, N>& prefixes, bool down)
{
    std::string_view prefix;
    for (const std::string_view next : prefixes) {
        if (down ? std::fabs(value) >= 1 : std::fabs(value) < step) {
            break;
        }
        prefix = next;
        value = down ? value * step : value / step;
    }
    return fourDigits(value, prefix);
}

constexpr std::array<std::string_view, 8> kLarge{"k", "M", "G", "T", "P", "E", "Z", "Y"};
constexpr std::array<std::string_view, 8> kBinary{"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
constexpr std::array<std::string_view, 8> kSmall{"m", "u", "n", "p", "f", "a", "z", "y"};

std::string humanize(double value)
{
    if (value == 0 || !std::isfinite(value)) {
        return fourDigits(value, "");
    }
    return std::fabs(value) >= 1 ? scaled(value, 1000, kLarge, false) : scaled(value, 1000, kSmall, true);
}

std::string humanize1024(double value)
{
    return std::fabs(value) <= 1 || !std::isfinite(value) ? fourDigits(value, "") : scaled(value, 1024, kBinary, false);
}

std::string humanizeDuration(double value)
{
    if (!std::isfinite(value)) {
        return fourDigits(value, "");
    }
    if (value == 0) {
        return "0s";
    }
    if (std::fabs(value) < 1) {
        return scaled(value, 1000, kSmall, true) + "s";
    }
    const std::string sign = value < 0 ? "-" : "";
    value = std::fabs(value);
    const auto whole = static_cast<std::int64_t>(std::min(value, 9.2e18));
    const auto part = [](std::int64_t amount, std::string_view unit) { return std::to_string(amount).append(unit); };
    const std::string seconds = part(whole % 60, "s");
    const std::string minutes = part(whole / 60 % 60, "m ");
    const std::string hours = part(whole / 3600 % 24, "h ");
    if (whole >= 86400) {
        return sign + part(whole / 86400, "d ") + hours + minutes + seconds;
    }
    if (whole >= 3600) {
        return sign + hours + minutes + seconds;
    }
    return whole >= 60 ? sign + minutes + seconds : sign + fourDigits(value, "s");
}

// 2026-11-20 09:12:07.742 +0000 UTC, as Go prints a time.
std::string timeText(double seconds, std::string_view function)
{
    using namespace std::chrono;
    if (std::fabs(seconds) * 1e9 > 9.2e18) {
        fail(function, goNumber(seconds) + " cannot be represented as a nanoseconds timestamp since it overflows int64");
    }
    const sys_time<milliseconds> time{milliseconds(static_cast<std::int64_t>(seconds * 1e9) / 1'000'000)};
    const sys_days day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<milliseconds>(time - day));
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    std::string text = buffer.data();
    if (const auto rest = static_cast<int>(clock.subseconds().count()); rest != 0) {
        std::snprintf(buffer.data(), buffer.size(), ".%03d", rest);
        text += buffer.data();
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + " +0000 UTC";
}

std::string cased(std::string text, int (*change)(int))
{
    std::transform(text.begin(), text.end(), text.begin(), [change](unsigned char c) {
        return c < 0x80 ? static_cast<char>(change(c)) : static_cast<char>(c);
    });
    return text;
}

std::string titled(std::string text)
{
    bool inside = false;
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = std::isalnum(byte) != 0 || c == '_' || c == '\'' || byte >= 0x80;
        c = !inside && byte < 0x80 ? static_cast<char>(std::toupper(byte)) : c;
        inside = letter;
    }
    return text;
}

std::string escapedFor(std::string_view function, const std::string& text)
{
    std::string out;
    for (const char c : text) {
        const std::string_view html = c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&#34;" : c == '\'' ? "&#39;" : "";
        if (function == "html") {
            out += html.empty() ? std::string(1, c) : std::string(html);
        } else if (function == "urlquery") {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("-_.~").find(c) != std::string_view::npos) {
                out += c;
            } else if (c == ' ') {
                out += '+';
            } else {
                std::array<char, 8> buffer{};
                std::snprintf(buffer.data(), buffer.size(), "%%%02X", static_cast<unsigned char>(c));
                out += buffer.data();
            }
        } else {
            const std::string_view js = c == '\\' ? "\\\\" : c == '\'' ? "\\'" : c == '"' ? "\\\"" : c == '<' ? "\\u003C"
                                      : c == '>' ? "\\u003E" : c == '&' ? "\\u0026" : c == '=' ? "\\u003D"
                                      : c == '\n' ? "\\u000A" : "";
            out += js.empty() ? std::string(1, c) : std::string(js);
        }
    }
    return out;
}

enum class Order { Less, Equal, Greater, Unordered };

Order orderOf(const TemplateValue& a, const TemplateValue& b, std::string_view function)
{
    if (a.data.index() != b.data.index()) {
        fail(function, "incompatible types for comparison");
    }
    const auto order = [](const auto& left, const auto& right) {
        return left < right ? Order::Less : left == right ? Order::Equal : right < left ? Order::Greater : Order::Unordered;
    };
    if (const auto* left = std::get_if<double>(&a.data)) {
        return order(*left, std::get<double>(b.data));
    }
    if (const auto* left = std::get_if<std::int64_t>(&a.data)) {
        return order(*left, std::get<std::int64_t>(b.data));
    }
    if (const auto* left = std::get_if<std::string>(&a.data)) {
        return order(*left, std::get<std::string>(b.data));
    }
    if (const auto* left = std::get_if<bool>(&a.data); left != nullptr && (function == "eq" || function == "ne")) {
        return *left == std::get<bool>(b.data) ? Order::Equal : Order::Less;
    }
    fail(function, "invalid type for comparison");
}

bool compared(std::string_view name, Arguments arguments)
{
    if (name == "eq") {
        return std::any_of(arguments.begin() + 1, arguments.end(), [&](const TemplateValue& other) {
            return orderOf(arguments[0], other, name) == Order::Equal;
        });
    }
    const Order order = orderOf(arguments[0], arguments[1], name);
    if (name == "ne") {
        return order != Order::Equal;
    }
    if (name == "lt") {
        return order == Order::Less;
    }
    if (name == "le") {
        return order == Order::Less || order == Order::Equal;
    }
    return name == "gt" ? order == Order::Greater : order == Order::Greater || order == Order::Equal;
}

TemplateValue sampleValue(const metrics::PointSeries& series)
{
    auto labels = std::make_shared<TemplateMap>();
    for (const auto& [name, value] : series.labels) {
        labels->entries[name] = make(value);
    }
    auto sample = std::make_shared<TemplateMap>();
    sample->isStruct = true;
    sample->entries["Labels"] = make(std::shared_ptr<const TemplateMap>(std::move(labels)));
    sample->entries["Value"] = make(series.points.empty() ? 0.0 : series.points.front().value);
    return make(std::shared_ptr<const TemplateMap>(std::move(sample)));
}

TemplateValue query(const std::string& expression, const TemplateContext& context)
{
    if (!context.query) {
        fail("query", "no data to ask");
    }
    const auto result = context.query(expression);
    if (!result) {
        fail("query", result.error().message);
    }
    auto list = std::make_shared<TemplateList>();
    for (const metrics::PointSeries& series : *result) {
        list->push_back(sampleValue(series));
    }
    return make(std::shared_ptr<const TemplateList>(std::move(list)));
}

const TemplateList& toList(const TemplateValue& value, std::string_view function)
{
    if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
        return **list;
    }
    throw TemplateError("wrong type for value; expected template.queryResult; got " + std::string(value.typeName())
                        + " in " + std::string(function));
}

const TemplateValue& entryOf(const TemplateValue& value, std::string_view key, std::string_view function)
{
    if (const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data)) {
        if (const auto at = (*map)->entries.find(key); at != (*map)->entries.end()) {
            return at->second;
        }
        static const TemplateValue kEmpty = make(std::string());
        return kEmpty;
    }
    throw TemplateError("wrong type for value; got " + std::string(value.typeName()) + " in " + std::string(function));
}

TemplateValue sortByLabel(const std::string& label, const TemplateValue& value)
{
    TemplateList list = toList(value, "sortByLabel");
    const auto text = [&](const TemplateValue& sample) {
        return entryOf(entryOf(sample, "Labels", "sortByLabel"), label, "sortByLabel").text();
    };
    std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return text(a) < text(b); });
    return make(std::make_shared<const TemplateList>(std::move(list)));
}

std::string replaceAll(const std::string& pattern, std::string replacement, std::string text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex(pattern, options);
    if (!regex.ok()) {
        fail("reReplaceAll", "regexp: Compile(" + promql::goQuoted(pattern) + "): " + regex.error());
    }
    std::string rewrite; // Go's $1 and ${1} are RE2's \1
    for (std::size_t at = 0; at < replacement.size(); ++at) {
        const bool braced = replacement[at] == '$' && at + 2 < replacement.size() && replacement[at + 1] == '{';
        const std::size_t digit = at + (braced ? 2 : 1);
        if (replacement[at] == '$' && digit < replacement.size() && std::isdigit(static_cast<unsigned char>(replacement[digit])) != 0) {
            rewrite += std::string("\\") + replacement[digit];
            at = digit + (braced ? 1 : 0);
        } else {
            rewrite += replacement[at] == '\\' ? std::string("\\\\") : std::string(1, replacement[at]);
        }
    }
    re2::RE2::GlobalReplace(&text, regex, rewrite);
    return text;
}

bool matchString(const std::string& pattern, const std::string& text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    const re2::RE2 regex(pattern, options);
    if (!regex.ok()) {
        fail("match", "error parsing regexp: " + regex.error());
    }
    return re2::RE2::PartialMatch(text, regex);
}

std::string stripPort(const std::string& text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || (text.front() != '[' && text.find(':') != colon)) {
        return text;
    }
    const std::string host = text.substr(0, colon);
    return host.size() > 1 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

std::string stripDomain(const std::string& text)
{
    const std::string host = stripPort(text);
    const std::string port = host.size() == text.size() ? "" : text.substr(text.rfind(':'));
    const bool address = host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
    return address ? text : host.substr(0, host.find('.')) + port;
}

TemplateValue lengthOf(const TemplateValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        return make(static_cast<std::int64_t>(text->size()));
    }
    if (const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data)) {
        return make(static_cast<std::int64_t>((*map)->entries.size()));
    }
    if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
        return make(static_cast<std::int64_t>((*list)->size()));
    }
    fail("len", "len of type " + std::string(value.typeName()));
}

TemplateValue indexed(Arguments arguments)
{
    TemplateValue value = arguments[0];
    for (const TemplateValue& key : arguments.subspan(1)) {
        if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
            const auto* place = std::get_if<std::int64_t>(&key.data);
            if (place == nullptr || *place < 0 || static_cast<std::size_t>(*place) >= (*list)->size()) {
                fail("index", "index out of range: " + key.text());
            }
            value = TemplateValue((**list)[static_cast<std::size_t>(*place)]);
        } else {
            value = TemplateValue(entryOf(value, toText(key, "index"), "index"));
        }
    }
    return value;
}

// print and println: print sets a blank between two that are no strings, println between all.
std::string sprint(Arguments arguments, bool line)
{
    std::string out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto isText = [&](std::size_t at) { return std::holds_alternative<std::string>(arguments[at].data); };
        if (i > 0 && (line || (!isText(i) && !isText(i - 1)))) {
            out += ' ';
        }
        out += arguments[i].text();
    }
    return line ? out + "\n" : out;
}

std::string joined(Arguments arguments)
{
    return sprint(arguments, false);
}

using Function = TemplateValue (*)(std::string_view name, Arguments arguments, const TemplateContext& context);

struct Entry {
    std::string_view name;
    std::size_t least;
    std::size_t most;
    Function function;
};

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

using Name = std::string_view;
using Context = const TemplateContext&;

constexpr auto kCompare = [](Name name, Arguments a, Context) { return make(compared(name, a)); };
constexpr auto kEscape = [](Name name, Arguments a, Context) { return make(escapedFor(name, joined(a))); };
constexpr auto kNothing = [](Name, Arguments, Context) { return make(std::string()); };
constexpr auto kFirstText = [](Name name, Arguments a, Context) { return make(toText(a[0], name)); };

constexpr Entry kTable[]{
    {"and", 1, kAny, kNothing}, // evaluated by the caller
    {"or", 1, kAny, kNothing},  // likewise
    {"not", 1, 1, [](Name, Arguments a, Context) { return make(!a[0].truth()); }},
    {"eq", 2, kAny, kCompare},
    {"ne", 2, 2, kCompare},
    {"lt", 2, 2, kCompare},
    {"le", 2, 2, kCompare},
    {"gt", 2, 2, kCompare},
    {"ge", 2, 2, kCompare},
    {"len", 1, 1, [](Name, Arguments a, Context) { return lengthOf(a[0]); }},
    {"index", 1, kAny, [](Name, Arguments a, Context) { return indexed(a); }},
    {"slice", 1, 4, [](Name name, Arguments, Context) -> TemplateValue { fail(name, "can't slice this type"); }},
    {"call", 1, kAny, [](Name name, Arguments, Context) -> TemplateValue { fail(name, "non-function of this type"); }},
    {"print", 0, kAny, [](Name, Arguments a, Context) { return make(sprint(a, false)); }},
    {"println", 0, kAny, [](Name, Arguments a, Context) { return make(sprint(a, true)); }},
    {"printf", 1, kAny, [](Name name, Arguments a, Context) { return make(goSprintf(toText(a[0], name), a.subspan(1))); }},
    {"html", 0, kAny, kEscape},
    {"js", 0, kAny, kEscape},
    {"urlquery", 0, kAny, kEscape},
    {"query", 1, 1, [](Name name, Arguments a, Context c) { return query(toText(a[0], name), c); }},
    {"first", 1, 1,
     [](Name name, Arguments a, Context) {
         const TemplateList& list = toList(a[0], name);
         return list.empty() ? (fail(name, "first() called on vector with no elements"), TemplateValue()) : list.front();
     }},
    {"label", 2, 2,
     [](Name name, Arguments a, Context) { return TemplateValue(entryOf(entryOf(a[1], "Labels", name), toText(a[0], name), name)); }},
    {"value", 1, 1, [](Name name, Arguments a, Context) { return TemplateValue(entryOf(a[0], "Value", name)); }},
    {"strvalue", 1, 1,
     [](Name name, Arguments a, Context) { return TemplateValue(entryOf(entryOf(a[0], "Labels", name), "__value__", name)); }},
    {"args", 0, kAny,
     [](Name, Arguments a, Context) {
         auto map = std::make_shared<TemplateMap>();
         for (std::size_t i = 0; i < a.size(); ++i) {
             map->entries["arg" + std::to_string(i)] = a[i];
         }
         return make(std::shared_ptr<const TemplateMap>(std::move(map)));
     }},
    {"sortByLabel", 2, 2, [](Name name, Arguments a, Context) { return sortByLabel(toText(a[0], name), a[1]); }},
    {"reReplaceAll", 3, 3,
     [](Name n, Arguments a, Context) { return make(replaceAll(toText(a[0], n), toText(a[1], n), toText(a[2], n))); }},
    {"match", 2, 2, [](Name n, Arguments a, Context) { return make(matchString(toText(a[0], n), toText(a[1], n))); }},
    {"safeHtml", 1, 1, kFirstText},
    {"title", 1, 1, [](Name n, Arguments a, Context) { return make(titled(toText(a[0], n))); }},
    {"toUpper", 1, 1, [](Name n, Arguments a, Context) { return make(cased(toText(a[0], n), std::toupper)); }},
    {"toLower", 1, 1, [](Name n, Arguments a, Context) { return make(cased(toText(a[0], n), std::tolower)); }},
    {"graphLink", 1, 1,
     [](Name n, Arguments a, Context) {
         return make("/graph?g0.expr=" + escapedFor("urlquery", toText(a[0], n)) + "&g0.tab=0");
     }},
    {"tableLink", 1, 1,
     [](Name n, Arguments a, Context) {
         return make("/graph?g0.expr=" + escapedFor("urlquery", toText(a[0], n)) + "&g0.tab=1");
     }},
    {"stripPort", 1, 1, [](Name n, Arguments a, Context) { return make(stripPort(toText(a[0], n))); }},
    {"stripDomain", 1, 1, [](Name n, Arguments a, Context) { return make(stripDomain(toText(a[0], n))); }},
    {"humanize", 1, 1, [](Name n, Arguments a, Context) { return make(humanize(toFloat(a[0], n))); }},
    {"humanize1024", 1, 1, [](Name n, Arguments a, Context) { return make(humanize1024(toFloat(a[0], n))); }},
    {"humanizeDuration", 1, 1, [](Name n, Arguments a, Context) { return make(humanizeDuration(toFloat(a[0], n))); }},
    {"humanizePercentage", 1, 1,
     [](Name n, Arguments a, Context) { return make(fourDigits(toFloat(a[0], n) * 100, "%")); }},
    {"humanizeTimestamp", 1, 1,
     [](Name n, Arguments a, Context) {
         const double value = toFloat(a[0], n);
         return make(std::isfinite(value) ? timeText(value, n) : fourDigits(value, ""));
     }},
    {"toTime", 1, 1,
     [](Name n, Arguments a, Context) {
         const double value = toFloat(a[0], n);
         return std::isfinite(value) ? make(timeText(value, n)) : (fail(n, "value is NaN or Inf"), TemplateValue());
     }},
    {"pathPrefix", 0, 0, kNothing},
    {"externalURL", 0, 0, kNothing},
    {"parseDuration", 1, 1,
     [](Name n, Arguments a, Context) {
         const auto span = promql::parseDuration(toText(a[0], n));
         return span ? make(static_cast<double>(*span) / 1000) : (fail(n, span.error().message), TemplateValue());
     }},
};

const Entry* findEntry(std::string_view name) noexcept
{
    const auto* at = std::find_if(std::begin(kTable), std::end(kTable), [name](const Entry& entry) { return entry.name == name; });
    return at != std::end(kTable) ? at : nullptr;
}

} // namespace

bool isTemplateFunction(std::string_view name) noexcept
{
    return findEntry(name) != nullptr;
}

TemplateValue callTemplateFunction(std::string_view name, std::span<const TemplateValue> arguments,
                                   const TemplateContext& context)
{
    const Entry& entry = *findEntry(name);
    if (arguments.size() < entry.least || arguments.size() > entry.most) {
        throw TemplateError("wrong number of args for " + std::string(name) + ": want "
                            + (entry.most == kAny ? "at least " : "") + std::to_string(entry.least) + " got "
                            + std::to_string(arguments.size()));
    }
    return entry.function(name, arguments, context);
}

} // namespace alert
