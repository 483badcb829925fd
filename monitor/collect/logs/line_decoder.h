// How the bytes of a log file become lines of UTF-8, whatever they are.
#pragma once

#include "monitor/core/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace collect {

// A line without its end, valid UTF-8, without NULs; gone when the call returns.
using LineSink = std::function<void(std::string_view line)>;

// Not thread-safe. Memory is bounded: of a longer line the first kMostBytes count, the rest is dropped.
class LineDecoder {
public:
    static constexpr std::size_t kMostBytes = 16 * 1024; // of one line, in the file's encoding

    // `encoding`: "auto" (the byte-order mark says it, else UTF-8) or any name iconv(1) knows. An unknown one
    // is an error in words.
    [[nodiscard]] static core::Result<void> check(const std::string& encoding);
    explicit LineDecoder(std::string encoding);
    ~LineDecoder();
    LineDecoder(LineDecoder&&) noexcept;
    LineDecoder& operator=(LineDecoder&&) noexcept;

    // A file begins; `head` is its first bytes, as many as there are (at least 4 if possible).
    void begin(std::string_view head);
    // Bytes in their order, cut anywhere.
    void feed(std::string_view bytes, const LineSink& sink);
    // What stands there without a line's end is a line, too: the file is over.
    void finish(const LineSink& sink);

    [[nodiscard]] const std::string& encoding() const noexcept { return m_now; } // "UTF-8", "UTF-16LE" …
    [[nodiscard]] std::size_t unit() const noexcept { return m_unit; }           // bytes: 1, 2 or 4
    [[nodiscard]] std::uint64_t cut() const noexcept { return m_cut; }           // lines that were too long
    [[nodiscard]] std::uint64_t pending() const noexcept
    {
        return m_pending + m_partial.size();
    } // bytes of the line begun

private:
    class Converter;
    void take(std::string_view bytes);
    [[nodiscard]] std::size_t endOf(std::string_view bytes) const noexcept;
    void tell(const LineSink& sink);

    std::string m_asked;
    std::string m_now = "UTF-8";
    std::size_t m_unit = 1;
    bool m_bigEndian = false;
    bool m_first = true; // no line was told yet: a byte-order mark may stand in front
    bool m_tooLong = false;
    std::string m_line;    // raw bytes of the line that has begun
    std::string m_partial; // fewer bytes than a unit
    std::uint64_t m_cut = 0;
    std::uint64_t m_pending = 0;
    std::unique_ptr<Converter> m_converter; // null: UTF-8
};

} // namespace collect
