// One sample's line of a page. Inside of this room only.
#pragma once

#include "monitor/targets/exposition_parser.h"

#include <optional>
#include <string>
#include <string_view>

namespace targets {

// Thrown by LineReader, caught by parsePage(): why a line is none. The text is a constant.
struct BadLine {
    std::string reason;
};

struct LineParts {
    PageSample sample;
    std::optional<PageExemplar> exemplar;
};

// Reads from the line's start to its end; used once.
class LineReader {
public:
    LineReader(std::string_view line, TextFormat format, const PageLimits& limits) noexcept
        : m_rest(line)
        , m_format(format)
        , m_limits(limits)
    {
    }
    // Throws BadLine.
    [[nodiscard]] LineParts read();

private:
    void skipBlanks() noexcept;
    [[nodiscard]] bool take(char c) noexcept;
    [[nodiscard]] std::string_view takeName(bool (*isName)(std::string_view) noexcept);
    [[nodiscard]] std::string_view takeWord() noexcept;
    [[nodiscard]] std::string takeQuoted();
    [[nodiscard]] metrics::Labels takeLabels();
    [[nodiscard]] double takeValue();
    [[nodiscard]] std::optional<std::int64_t> takeTime();
    [[nodiscard]] std::optional<PageExemplar> takeExemplar();

    std::string_view m_rest;
    TextFormat m_format;
    const PageLimits& m_limits;
};

} // namespace targets
