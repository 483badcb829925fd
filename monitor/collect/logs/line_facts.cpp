#include "monitor/collect/logs/line_facts.h"

#include "monitor/collect/logs/line_decoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

namespace collect {

namespace {

using nlohmann::json;

constexpr std::size_t kHeadOfLine = 200;
constexpr std::size_t kMostKey = 120; // bytes of a session's name
constexpr int kDeepest = 16;
constexpr std::int64_t kRegexMemory = std::int64_t{1} << 20;

struct Word {
    std::string_view word; // in capitals
    LineLevel level;
};

constexpr std::array kWords{Word{"TRACE", LineLevel::Trace},    Word{"VERBOSE", LineLevel::Trace},
                            Word{"DEBUG", LineLevel::Debug},    Word{"INFO", LineLevel::Info},
                            Word{"NOTICE", LineLevel::Info},    Word{"LOG", LineLevel::Info},
                            Word{"WARN", LineLevel::Warning},   Word{"WARNING", LineLevel::Warning},
                            Word{"ERROR", LineLevel::Error},    Word{"ERR", LineLevel::Error},
                            Word{"SEVERE", LineLevel::Error},   Word{"CRITICAL", LineLevel::Critical},
                            Word{"CRIT", LineLevel::Critical},  Word{"FATAL", LineLevel::Critical},
                            Word{"PANIC", LineLevel::Critical}, Word{"ALERT", LineLevel::Critical},
                            Word{"EMERG", LineLevel::Critical}, Word{"EMERGENCY", LineLevel::Critical}};

constexpr bool isLetter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool isWordByte(char c) noexcept
{
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

constexpr char capital(char c) noexcept
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool sameIgnoringCase(std::string_view a, std::string_view capitals) noexcept
{
    return a.size() == capitals.size() &&
           std::equal(a.begin(), a.end(), capitals.begin(), [](char x, char y) { return capital(x) == y; });
}

// "level=error", "lvl=\"warn\"", "[error]", "<error>": small letters count there; elsewhere only capitals do.
bool standsOut(std::string_view line, std::size_t begin, std::size_t end) noexcept
{
    const std::string_view word = line.substr(begin, end - begin);
    if (std::all_of(word.begin(), word.end(), [](char c) { return c == capital(c); })) {
        return true;
    }
    const char before = begin > 0 ? line[begin - 1] : ' ';
    const char after = end < line.size() ? line[end] : ' ';
    if ((before == '[' && after == ']') || (before == '<' && after == '>')) {
        return true;
    }
    std::string_view head = line.substr(0, begin);
    while (!head.empty() &&
           (head.back() == '"' || head.back() == '\'' || head.back() == '=' || head.back() == ':')) {
        head.remove_suffix(1);
    }
    return head.size() < begin &&
           (head.ends_with("level") || head.ends_with("lvl") || head.ends_with("severity"));
}

constexpr std::array<std::string_view, 8> kLevelKeys{"level",    "log.level", "levelname", "severity",
                                                     "loglevel", "lvl",       "log_level", "@level"};
constexpr std::array<std::string_view, 5> kMessageKeys{"message", "msg", "@message", "log", "event"};
constexpr std::array<std::string_view, 12> kSessionKeys{
    "session_id", "sessionid",         "session", "db_session",          "thread_id",  "threadid",
    "tid",        "process.thread.id", "thread",  "process.thread.name", "threadname", "thread_name"};

const json* member(const json& object, std::string_view path)
{
    if (const auto flat = object.find(path); flat != object.end()) {
        return &*flat;
    }
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
        return nullptr;
    }
    const auto outer = object.find(path.substr(0, dot));
    return outer != object.end() && outer->is_object() ? member(*outer, path.substr(dot + 1)) : nullptr;
}

std::string wordOf(const json& value)
{
    if (value.is_string()) {
        return value.get<std::string>();
    }
    return value.is_number() ? value.dump() : std::string();
}

template <std::size_t N>
std::string firstOf(const json& object, const std::array<std::string_view, N>& keys)
{
    for (const std::string_view key : keys) {
        if (const json* const value = member(object, key)) {
            if (std::string word = wordOf(*value); !word.empty()) {
                return word;
            }
        }
    }
    return {};
}

// "session_id=4711", "tid: 12", "[thread-7]": the value behind the first known name.
std::string keyInText(std::string_view line)
{
    static const re2::RE2 pair(
        R"re((?i)\b(?:db[_-]?session|session(?:[_ -]?id)?|thread(?:[_ -]?(?:id|name))?|tid)["']?\s*[=:#]\s*["']?([\w.@/-]+))re");
    re2::StringPiece found;
    if (re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), pair, &found)) {
        return {found.data(), std::min(found.size(), kMostKey)};
    }
    static const re2::RE2 bracket(R"re((?i)[\[(]((?:session|thread|worker|pool)-[\w.@/-]+)[\])])re");
    if (re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), bracket, &found)) {
        return {found.data(), std::min(found.size(), kMostKey)};
    }
    return {};
}

std::unique_ptr<re2::RE2> regexOf(const std::string& text)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexMemory);
    return std::make_unique<re2::RE2>(text, options);
}

bool isName(std::string_view name)
{
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (isWordByte(c) && (static_cast<unsigned char>(c) & 0x80) == 0) || c == '.' || c == '-';
    });
}

core::Result<void> checkRegex(const char* setting, const std::string& text, int groups)
{
    const auto regex = regexOf(text);
    if (!regex->ok()) {
        return core::fail(fmt::format("{}: {}", setting, regex->error()));
    }
    if (regex->NumberOfCapturingGroups() < groups) {
        return core::fail(fmt::format("{}: a group (…) must say what names the session", setting));
    }
    return {};
}

} // namespace

core::Result<void> problemOf(const LogSpec& spec)
{
    if (!isName(spec.name)) {
        return core::fail("name: letters, digits, \".\", \"_\" and \"-\" are expected, at most 64");
    }
    if (spec.path.empty() || !spec.path.is_absolute()) {
        return core::fail("path: an absolute path is expected");
    }
    if (auto encoding = LineDecoder::check(spec.encoding); !encoding) {
        return encoding;
    }
    if (auto errors = checkRegex("errors", spec.errors, 0); !errors) {
        return errors;
    }
    if (auto key = checkRegex("session_key", spec.sessionKey, spec.sessionKey.empty() ? 0 : 1); !key) {
        return key;
    }
    for (const std::string* text : {&spec.sessionCreated, &spec.sessionClosed, &spec.sessionFailed}) {
        if (text->empty()) {
            return core::fail("session_created, session_closed and session_failed must not be empty");
        }
    }
    if (spec.leakAfter < std::chrono::seconds(1) || spec.leakAfter > std::chrono::hours(24)) {
        return core::fail("leak_after must be between 1 s and 1 d");
    }
    return {};
}

LineLevel levelOfWord(std::string_view word) noexcept
{
    const auto* const known = std::find_if(
        kWords.begin(), kWords.end(), [&](const Word& entry) { return sameIgnoringCase(word, entry.word); });
    if (known != kWords.end()) {
        return known->level;
    }
    int number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size() || number < 10 || number > 100) {
        return LineLevel::None;
    }
    // pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal
    static constexpr std::array kTens{LineLevel::Trace, LineLevel::Debug, LineLevel::Info, LineLevel::Warning,
                                      LineLevel::Error};
    const auto ten = static_cast<std::size_t>(number / 10 - 1);
    return ten < kTens.size() ? kTens[ten] : LineLevel::Critical;
}

LineLevel levelOfText(std::string_view line) noexcept
{
    const std::size_t limit = std::min(line.size(), kHeadOfLine);
    for (std::size_t begin = 0; begin < limit;) {
        if (!isWordByte(line[begin])) {
            ++begin;
            continue;
        }
        std::size_t end = begin;
        while (end < line.size() && isWordByte(line[end])) {
            ++end;
        }
        const std::string_view word = line.substr(begin, end - begin);
        if (isLetter(word.front()) && word.size() <= 9 && standsOut(line, begin, end)) {
            if (const LineLevel level = levelOfWord(word); level != LineLevel::None) {
                return level;
            }
        }
        begin = end;
    }
    return LineLevel::None;
}

LineReader::LineReader(const LogSpec& spec)
    : m_errors(spec.errors.empty() ? nullptr : regexOf(spec.errors))
    , m_key(spec.sessionKey.empty() ? nullptr : regexOf(spec.sessionKey))
{
}

LineReader::~LineReader() = default;
LineReader::LineReader(LineReader&&) noexcept = default;

LineFacts LineReader::read(std::string_view line) const
{
    LineFacts facts;
    if (!readJson(line, facts)) {
        facts.level = levelOfText(line);
        facts.text = line;
        facts.session = keyOf(line);
    }
    facts.error = m_errors ? re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *m_errors)
                           : facts.level >= LineLevel::Error;
    return facts;
}

// A line that is no JSON object, or a broken or absurdly deep one, is a text line.
bool LineReader::readJson(std::string_view line, LineFacts& facts) const
{
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line[first] != '{') {
        return false;
    }
    bool sane = true;
    const auto watch = [&sane](int depth, json::parse_event_t, const json&) {
        sane = sane && depth <= kDeepest;
        return sane;
    };
    const json object = json::parse(line.substr(first), watch, false);
    if (!sane || !object.is_object()) {
        return false;
    }
    facts.level = levelOfWord(firstOf(object, kLevelKeys));
    facts.text = firstOf(object, kMessageKeys);
    if (facts.text.empty()) {
        facts.text = line;
    }
    facts.session = m_key ? keyOf(line) : firstOf(object, kSessionKeys).substr(0, kMostKey);
    if (facts.session.empty()) {
        facts.session = keyOf(facts.text);
    }
    return true;
}

std::string LineReader::keyOf(std::string_view line) const
{
    if (!m_key) {
        return keyInText(line);
    }
    re2::StringPiece found;
    if (!re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *m_key, &found)) {
        return {};
    }
    return {found.data(), std::min(found.size(), kMostKey)};
}

} // namespace collect
