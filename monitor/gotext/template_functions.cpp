// Source of every text: template/template.go of Prometheus 2.42 (Apache-2.0) and text/template/funcs.go of
// Go 1.19.
#include "monitor/gotext/template_functions.h"

#include "monitor/gotext/template_arguments.h"
#include "monitor/gotext/template_node.h"
#include "monitor/gotext/template_numbers.h"
#include "monitor/gotext/template_texts.h"
#include "monitor/promql/text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

namespace gotext {

namespace {

enum class Order { Less, Equal, Greater, Unordered };

Order orderOf(const TemplateValue& a, const TemplateValue& b, std::string_view function)
{
    if (a.data.index() != b.data.index()) {
        failCall(function, "incompatible types for comparison");
    }
    const auto order = [](const auto& left, const auto& right) {
        return left < right    ? Order::Less
               : left == right ? Order::Equal
               : right < left  ? Order::Greater
                               : Order::Unordered;
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
    if (const auto* left = std::get_if<bool>(&a.data);
        left != nullptr && (function == "eq" || function == "ne")) {
        return *left == std::get<bool>(b.data) ? Order::Equal : Order::Less;
    }
    failCall(function, "invalid type for comparison");
}

bool compared(std::string_view name, TemplateArguments arguments)
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
        labels->entries[name] = templateValue(value);
    }
    auto sample = std::make_shared<TemplateMap>();
    sample->isStruct = true;
    sample->entries["Labels"] = templateValue(std::shared_ptr<const TemplateMap>(std::move(labels)));
    sample->entries["Value"] = templateValue(series.points.empty() ? 0.0 : series.points.front().value);
    return templateValue(std::shared_ptr<const TemplateMap>(std::move(sample)));
}

TemplateValue query(const std::string& expression, const TemplateContext& context)
{
    if (!context.query) {
        failCall("query", "no data to ask");
    }
    const auto result = context.query(expression);
    if (!result) {
        failCall("query", result.error().message);
    }
    auto list = std::make_shared<TemplateList>();
    for (const metrics::PointSeries& series : *result) {
        list->push_back(sampleValue(series));
    }
    return templateValue(std::shared_ptr<const TemplateList>(std::move(list)));
}

TemplateValue sortByLabel(const std::string& label, const TemplateValue& value)
{
    TemplateList list = toList(value, "sortByLabel");
    const auto text = [&](const TemplateValue& sample) {
        return entryOf(entryOf(sample, "Labels", "sortByLabel"), label, "sortByLabel").text();
    };
    std::stable_sort(list.begin(), list.end(),
                     [&](const auto& a, const auto& b) { return text(a) < text(b); });
    return templateValue(std::make_shared<const TemplateList>(std::move(list)));
}

TemplateValue lengthOf(const TemplateValue& value)
{
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        return templateValue(static_cast<std::int64_t>(text->size()));
    }
    if (const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data)) {
        return templateValue(static_cast<std::int64_t>((*map)->entries.size()));
    }
    if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
        return templateValue(static_cast<std::int64_t>((*list)->size()));
    }
    failCall("len", "len of type " + std::string(value.typeName()));
}

TemplateValue indexed(TemplateArguments arguments)
{
    TemplateValue value = arguments[0];
    for (const TemplateValue& key : arguments.subspan(1)) {
        if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
            const auto* place = std::get_if<std::int64_t>(&key.data);
            if (place == nullptr || *place < 0 || static_cast<std::size_t>(*place) >= (*list)->size()) {
                failCall("index", "index out of range: " + key.text());
            }
            value = TemplateValue((**list)[static_cast<std::size_t>(*place)]);
        } else {
            value = TemplateValue(entryOf(value, toText(key, "index"), "index"));
        }
    }
    return value;
}

// print and println: print sets a blank between two that are no strings, println between all.
std::string sprint(TemplateArguments arguments, bool line)
{
    std::string out;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto isText = [&](std::size_t at) {
            return std::holds_alternative<std::string>(arguments[at].data);
        };
        if (i > 0 && (line || (!isText(i) && !isText(i - 1)))) {
            out += ' ';
        }
        out += arguments[i].text();
    }
    return line ? out + "\n" : out;
}

std::string joined(TemplateArguments arguments)
{
    return sprint(arguments, false);
}

using Function = TemplateValue (*)(std::string_view name, TemplateArguments arguments,
                                   const TemplateContext& context);

struct Entry {
    std::string_view name;
    std::size_t least;
    std::size_t most;
    Function function;
};

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

using Name = std::string_view;
using Context = const TemplateContext&;

constexpr auto kCompare = [](Name name, TemplateArguments a, Context) {
    return templateValue(compared(name, a));
};
constexpr auto kEscape = [](Name name, TemplateArguments a, Context) {
    return templateValue(escapedFor(name, joined(a)));
};
constexpr auto kNothing = [](Name, TemplateArguments, Context) { return templateValue(std::string()); };
constexpr auto kFirstText = [](Name name, TemplateArguments a, Context) {
    return templateValue(toText(a[0], name));
};

constexpr Entry kTable[]{
    {"and", 1, kAny, kNothing}, // evaluated by the caller
    {"or", 1, kAny, kNothing},  // likewise
    {"not", 1, 1, [](Name, TemplateArguments a, Context) { return templateValue(!a[0].truth()); }},
    {"eq", 2, kAny, kCompare},
    {"ne", 2, 2, kCompare},
    {"lt", 2, 2, kCompare},
    {"le", 2, 2, kCompare},
    {"gt", 2, 2, kCompare},
    {"ge", 2, 2, kCompare},
    {"len", 1, 1, [](Name, TemplateArguments a, Context) { return lengthOf(a[0]); }},
    {"index", 1, kAny, [](Name, TemplateArguments a, Context) { return indexed(a); }},
    {"slice", 1, 4,
     [](Name name, TemplateArguments, Context) -> TemplateValue { failCall(name, "can't slice this type"); }},
    {"call", 1, kAny,
     [](Name name, TemplateArguments, Context) -> TemplateValue {
         failCall(name, "non-function of this type");
     }},
    {"print", 0, kAny, [](Name, TemplateArguments a, Context) { return templateValue(sprint(a, false)); }},
    {"println", 0, kAny, [](Name, TemplateArguments a, Context) { return templateValue(sprint(a, true)); }},
    {"printf", 1, kAny,
     [](Name name, TemplateArguments a, Context) {
         return templateValue(goSprintf(toText(a[0], name), a.subspan(1)));
     }},
    {"html", 0, kAny, kEscape},
    {"js", 0, kAny, kEscape},
    {"urlquery", 0, kAny, kEscape},
    {"query", 1, 1, [](Name name, TemplateArguments a, Context c) { return query(toText(a[0], name), c); }},
    {"first", 1, 1,
     [](Name name, TemplateArguments a, Context) {
         const TemplateList& list = toList(a[0], name);
         return list.empty() ? (failCall(name, "first() called on vector with no elements"), TemplateValue())
                             : list.front();
     }},
    {"label", 2, 2,
     [](Name name, TemplateArguments a, Context) {
         return TemplateValue(entryOf(entryOf(a[1], "Labels", name), toText(a[0], name), name));
     }},
    {"value", 1, 1,
     [](Name name, TemplateArguments a, Context) { return TemplateValue(entryOf(a[0], "Value", name)); }},
    {"strvalue", 1, 1,
     [](Name name, TemplateArguments a, Context) {
         return TemplateValue(entryOf(entryOf(a[0], "Labels", name), "__value__", name));
     }},
    {"args", 0, kAny,
     [](Name, TemplateArguments a, Context) {
         auto map = std::make_shared<TemplateMap>();
         for (std::size_t i = 0; i < a.size(); ++i) {
             map->entries["arg" + std::to_string(i)] = a[i];
         }
         return templateValue(std::shared_ptr<const TemplateMap>(std::move(map)));
     }},
    {"sortByLabel", 2, 2,
     [](Name name, TemplateArguments a, Context) { return sortByLabel(toText(a[0], name), a[1]); }},
    {"reReplaceAll", 3, 3,
     [](Name n, TemplateArguments a, Context) {
         return templateValue(replaceAll(toText(a[0], n), toText(a[1], n), toText(a[2], n)));
     }},
    {"match", 2, 2,
     [](Name n, TemplateArguments a, Context) {
         return templateValue(matchString(toText(a[0], n), toText(a[1], n)));
     }},
    {"safeHtml", 1, 1, kFirstText},
    {"title", 1, 1,
     [](Name n, TemplateArguments a, Context) { return templateValue(titled(toText(a[0], n))); }},
    {"toUpper", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         return templateValue(cased(toText(a[0], n), std::toupper));
     }},
    {"toLower", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         return templateValue(cased(toText(a[0], n), std::tolower));
     }},
    {"graphLink", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         return templateValue("/graph?g0.expr=" + escapedFor("urlquery", toText(a[0], n)) + "&g0.tab=0");
     }},
    {"tableLink", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         return templateValue("/graph?g0.expr=" + escapedFor("urlquery", toText(a[0], n)) + "&g0.tab=1");
     }},
    {"stripPort", 1, 1,
     [](Name n, TemplateArguments a, Context) { return templateValue(stripPort(toText(a[0], n))); }},
    {"stripDomain", 1, 1,
     [](Name n, TemplateArguments a, Context) { return templateValue(stripDomain(toText(a[0], n))); }},
    {"humanize", 1, 1,
     [](Name n, TemplateArguments a, Context) { return templateValue(humanize(toFloat(a[0], n))); }},
    {"humanize1024", 1, 1,
     [](Name n, TemplateArguments a, Context) { return templateValue(humanize1024(toFloat(a[0], n))); }},
    {"humanizeDuration", 1, 1,
     [](Name n, TemplateArguments a, Context) { return templateValue(humanizeDuration(toFloat(a[0], n))); }},
    {"humanizePercentage", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         return templateValue(fourDigits(toFloat(a[0], n) * 100, "%"));
     }},
    {"humanizeTimestamp", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         const double value = toFloat(a[0], n);
         return templateValue(std::isfinite(value) ? timeText(value, n) : fourDigits(value, ""));
     }},
    {"toTime", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         const double value = toFloat(a[0], n);
         return std::isfinite(value) ? templateValue(timeText(value, n))
                                     : (failCall(n, "value is NaN or Inf"), TemplateValue());
     }},
    {"pathPrefix", 0, 0, kNothing},
    {"externalURL", 0, 0, kNothing},
    {"parseDuration", 1, 1,
     [](Name n, TemplateArguments a, Context) {
         const auto span = promql::parseDuration(toText(a[0], n));
         return span ? templateValue(static_cast<double>(*span) / 1000)
                     : (failCall(n, span.error().message), TemplateValue());
     }},
};

const Entry* findEntry(std::string_view name) noexcept
{
    const auto* at = std::find_if(std::begin(kTable), std::end(kTable),
                                  [name](const Entry& entry) { return entry.name == name; });
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
        throw TemplateError("wrong number of args for " + std::string(name) + ": want " +
                            (entry.most == kAny ? "at least " : "") + std::to_string(entry.least) + " got " +
                            std::to_string(arguments.size()));
    }
    return entry.function(name, arguments, context);
}

} // namespace gotext
