#include "monitor/gotext/template_value.h"

#include "monitor/promql/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace gotext {

namespace {

template <class T>
std::string printed(const std::string& format, T value)
{
    std::array<char, 512> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format.c_str(), value);
    return {buffer.data(),
            static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(buffer.size()) - 1))};
}

struct Verb {
    std::string flags;
    int width = -1;
    int precision = -1;
    char letter = 0;
};

constexpr int kMaxWidth = 200; // a text is for people; a wider field is a mistake

int readNumber(std::string_view format, std::size_t& at)
{
    int value = 0;
    while (at < format.size() && format[at] >= '0' && format[at] <= '9') {
        value = std::min(value * 10 + (format[at++] - '0'), kMaxWidth);
    }
    return value;
}

Verb readVerb(std::string_view format, std::size_t& at)
{
    Verb verb;
    while (at < format.size() && std::string_view("+-# 0").find(format[at]) != std::string_view::npos) {
        verb.flags += format[at++];
    }
    if (at < format.size() && format[at] >= '0' && format[at] <= '9') {
        verb.width = readNumber(format, at);
    }
    if (at < format.size() && format[at] == '.') {
        verb.precision = readNumber(format, ++at);
    }
    verb.letter = at < format.size() ? format[at++] : '\0';
    return verb;
}

std::string padded(std::string text, const Verb& verb)
{
    const auto width = static_cast<std::size_t>(std::max(verb.width, 0));
    std::size_t runes = 0;
    for (std::size_t at = 0; at < text.size(); ++runes) {
        at += promql::decodeRune(std::string_view(text).substr(at)).bytes;
    }
    if (runes < width) {
        const std::string blanks(width - runes, ' ');
        text = verb.flags.find('-') != std::string::npos ? text + blanks : blanks + text;
    }
    return text;
}

std::string mismatch(const Verb& verb, const TemplateValue& value)
{
    return std::string("%!") + verb.letter + "(" + std::string(value.typeName()) + "=" + value.text() + ")";
}

std::string formatFloat(const Verb& verb, double value)
{
    if (!std::isfinite(value) ||
        ((verb.letter == 'g' || verb.letter == 'G' || verb.letter == 'v') && verb.precision < 0)) {
        const bool plus = verb.flags.find('+') != std::string::npos && value >= 0;
        return padded((plus ? "+" : "") + goNumber(value), verb);
    }
    const std::string width = verb.width >= 0 ? std::to_string(verb.width) : "";
    const char letter = verb.letter == 'v' ? 'g' : verb.letter == 'F' ? 'f' : verb.letter;
    const int precision = verb.precision >= 0 ? verb.precision : 6;
    return printed("%" + verb.flags + width + "." + std::to_string(precision) + letter, value);
}

std::string formatInteger(const Verb& verb, std::int64_t value)
{
    const std::string width = verb.width >= 0 ? std::to_string(verb.width) : "";
    const std::string precision = verb.precision >= 0 ? "." + std::to_string(verb.precision) : "";
    const std::string letter =
        verb.letter == 'd' || verb.letter == 'v' ? "lld" : std::string("ll") + verb.letter;
    return printed("%" + verb.flags + width + precision + letter, static_cast<long long>(value));
}

std::string formatOne(const Verb& verb, const TemplateValue& value)
{
    const std::string_view letters = "vT";
    if (verb.letter == 'T') {
        return padded(std::string(value.typeName()), verb);
    }
    if (const auto* number = std::get_if<double>(&value.data)) {
        return std::string_view("veEfFgG").find(verb.letter) != std::string_view::npos
                   ? formatFloat(verb, *number)
                   : mismatch(verb, value);
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
        return std::string_view("vdxXo").find(verb.letter) != std::string_view::npos
                   ? formatInteger(verb, *whole)
                   : mismatch(verb, value);
    }
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        if (verb.letter == 'q') {
            return padded(promql::goQuoted(*text), verb);
        }
        if (verb.letter == 's' || verb.letter == 'v') {
            const auto cut = verb.precision < 0
                                 ? std::string_view(*text)
                                 : promql::firstRunes(*text, static_cast<std::size_t>(verb.precision));
            return padded(std::string(cut), verb);
        }
        return mismatch(verb, value);
    }
    const bool boolean = std::holds_alternative<bool>(value.data) && verb.letter == 't';
    const bool other = letters.find(verb.letter) != std::string_view::npos;
    return boolean || other ? padded(value.text(), verb) : mismatch(verb, value);
}

struct Printer {
    std::string operator()(std::monostate) const { return "<nil>"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return goNumber(value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const std::shared_ptr<const TemplateMap>& map) const
    {
        std::string out;
        for (const auto& [key, value] : map->entries) {
            out += (out.empty() ? "" : " ") + (map->isStruct ? "" : key + ":") + value.text();
        }
        return map->isStruct ? "{" + out + "}" : "map[" + out + "]";
    }
    std::string operator()(const std::shared_ptr<const TemplateList>& list) const
    {
        std::string out;
        for (const TemplateValue& value : *list) {
            out += (out.empty() ? "" : " ") + value.text();
        }
        return "[" + out + "]";
    }
};

struct Truth {
    bool operator()(std::monostate) const { return false; }
    bool operator()(bool value) const { return value; }
    bool operator()(std::int64_t value) const { return value != 0; }
    bool operator()(double value) const { return value != 0; }
    bool operator()(const std::string& value) const { return !value.empty(); }
    bool operator()(const std::shared_ptr<const TemplateMap>& map) const
    {
        return map->isStruct || !map->entries.empty();
    }
    bool operator()(const std::shared_ptr<const TemplateList>& list) const { return !list->empty(); }
};

} // namespace

bool TemplateValue::truth() const noexcept
{
    return std::visit(Truth(), data);
}

std::string_view TemplateValue::typeName() const noexcept
{
    static constexpr std::array<std::string_view, 7> kNames{
        "<nil>", "bool", "int", "float64", "string", "map[string]string", "template.queryResult"};
    return kNames[data.index()];
}

std::string TemplateValue::text() const
{
    return std::visit(Printer(), data);
}

std::string goNumber(double value)
{
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 64> buffer{};
    auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
    const std::string scientific(buffer.data(), end);
    const int exponent = std::atoi(scientific.c_str() + scientific.find('e') + 1);
    if (exponent < -4 || exponent >= 6) {
        return scientific;
    }
    end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
    return {buffer.data(), end};
}

std::string goSprintf(std::string_view format, std::span<const TemplateValue> arguments)
{
    std::string out;
    std::size_t used = 0;
    for (std::size_t at = 0; at < format.size();) {
        const auto percent = format.find('%', at);
        out += format.substr(at, percent - at);
        if (percent == std::string_view::npos) {
            break;
        }
        at = percent + 1;
        const Verb verb = readVerb(format, at);
        if (verb.letter == '%') {
            out += '%';
        } else if (verb.letter == '\0') {
            out += "%!(NOVERB)";
        } else if (used >= arguments.size()) {
            out += std::string("%!") + verb.letter + "(MISSING)";
        } else {
            out += formatOne(verb, arguments[used++]);
        }
    }
    if (used < arguments.size()) {
        std::string extra;
        for (const TemplateValue& value : arguments.subspan(used)) {
            extra += (extra.empty() ? "" : ", ") + std::string(value.typeName()) + "=" + value.text();
        }
        out += "%!(EXTRA " + extra + ")";
    }
    return out;
}

} // namespace gotext
