#include "monitor/collect/logs/line_decoder.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <iconv.h>

namespace collect {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string upper(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    });
    return result;
}

// iconv's own suffixes (//TRANSLIT) are not ours to hand through.
bool isName(std::string_view name)
{
    return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (std::isalnum(c) != 0 && c < 0x80) || c == '-' || c == '_' || c == '.' || c == ':';
    });
}

bool isUtf8(std::string_view upperName)
{
    return upperName == "UTF-8" || upperName == "UTF8" || upperName == "AUTO";
}

struct Mark {
    std::string_view bytes;
    const char* encoding;
};

// The longer ones first: UTF-32LE's begins as UTF-16LE's.
constexpr std::array kMarks{Mark{std::string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
                            Mark{std::string_view("\0\0\xFE\xFF", 4), "UTF-32BE"}, Mark{kUtf8Mark, "UTF-8"},
                            Mark{"\xFF\xFE", "UTF-16LE"}, Mark{"\xFE\xFF", "UTF-16BE"}};

const char* encodingByMark(std::string_view head)
{
    const auto* const mark = std::find_if(kMarks.begin(), kMarks.end(),
                                          [&](const Mark& known) { return head.starts_with(known.bytes); });
    return mark == kMarks.end() ? nullptr : mark->encoding;
}

} // namespace

class LineDecoder::Converter {
public:
    explicit Converter(const std::string& from)
        : m_handle(iconv_open("UTF-8", from.c_str()))
    {
    }
    ~Converter()
    {
        if (ok()) {
            iconv_close(m_handle);
        }
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    [[nodiscard]] bool ok() const noexcept { return m_handle != reinterpret_cast<iconv_t>(-1); }

    // Each unit that means nothing becomes one U+FFFD.
    [[nodiscard]] std::string convert(std::string bytes, std::size_t unit)
    {
        std::string text;
        std::array<char, 4096> out{};
        char* from = bytes.data();
        std::size_t left = bytes.size();
        (void)iconv(m_handle, nullptr, nullptr, nullptr, nullptr);
        while (left > 0) {
            char* to = out.data();
            std::size_t room = out.size();
            const std::size_t done = iconv(m_handle, &from, &left, &to, &room);
            const int error = done == static_cast<std::size_t>(-1) ? errno : 0;
            text.append(out.data(), out.size() - room);
            if (error == EILSEQ || error == EINVAL) {
                const std::size_t skipped = std::min(unit, left);
                from += skipped;
                left -= skipped;
                text += kReplacement;
            }
        }
        return text;
    }

private:
    iconv_t m_handle;
};

core::Result<void> LineDecoder::check(const std::string& encoding)
{
    if (isName(encoding) && (isUtf8(upper(encoding)) || Converter(encoding).ok())) {
        return {};
    }
    return core::fail(
        fmt::format("unknown encoding \"{}\": auto, UTF-8, UTF-16LE, ISO-8859-1, GBK … are known",
                    core::oneLine(encoding, 40)));
}

LineDecoder::LineDecoder(std::string encoding)
    : m_asked(std::move(encoding))
{
    begin({});
}

LineDecoder::~LineDecoder() = default;
LineDecoder::LineDecoder(LineDecoder&&) noexcept = default;
LineDecoder& LineDecoder::operator=(LineDecoder&&) noexcept = default;

void LineDecoder::begin(std::string_view head)
{
    m_line.clear();
    m_partial.clear();
    m_tooLong = false;
    m_pending = 0;
    m_first = true;
    m_now = upper(m_asked);
    if (m_now == "AUTO" || m_now == "UTF-16" || m_now == "UTF-32") {
        const char* const marked = encodingByMark(head);
        m_now = marked != nullptr ? marked : m_now == "AUTO" ? "UTF-8" : m_now + "LE";
    }
    m_unit = m_now.starts_with("UTF-16") || m_now.starts_with("UCS-2")   ? 2
             : m_now.starts_with("UTF-32") || m_now.starts_with("UCS-4") ? 4
                                                                         : 1;
    m_bigEndian = m_now.ends_with("BE");
    m_converter = isUtf8(m_now) ? nullptr : std::make_unique<Converter>(m_now);
    if (m_converter && !m_converter->ok()) {
        m_converter.reset();
    }
}

// The first byte after the line's end in `bytes`, npos when there is none. `bytes` begins at a unit.
std::size_t LineDecoder::endOf(std::string_view bytes) const noexcept
{
    if (m_unit == 1) {
        const std::size_t at = bytes.find('\n');
        return at == std::string_view::npos ? at : at + 1;
    }
    for (std::size_t at = 0; at + m_unit <= bytes.size(); at += m_unit) {
        const std::size_t low = m_bigEndian ? m_unit - 1 : 0;
        bool end = true;
        for (std::size_t i = 0; i < m_unit && end; ++i) {
            end = bytes[at + i] == (i == low ? '\n' : '\0');
        }
        if (end) {
            return at + m_unit;
        }
    }
    return std::string_view::npos;
}

void LineDecoder::take(std::string_view bytes)
{
    const std::size_t room = kMostBytes - std::min(kMostBytes, m_line.size());
    if (bytes.size() > room) {
        m_tooLong = true;
    }
    m_line.append(bytes.substr(0, room));
    m_pending += bytes.size();
}

void LineDecoder::feed(std::string_view bytes, const LineSink& sink)
{
    std::string joined;
    if (!m_partial.empty()) {
        joined = m_partial + std::string(bytes);
        bytes = joined;
        m_partial.clear();
    }
    const std::size_t whole = bytes.size() / m_unit * m_unit;
    m_partial = bytes.substr(whole); // read again by whoever goes on from position()
    bytes = bytes.substr(0, whole);
    for (std::size_t end = endOf(bytes); end != std::string_view::npos; end = endOf(bytes)) {
        take(bytes.substr(0, end - m_unit));
        tell(sink);
        bytes.remove_prefix(end);
    }
    take(bytes);
}

void LineDecoder::finish(const LineSink& sink)
{
    if (!m_line.empty()) {
        tell(sink);
    }
    m_partial.clear();
}

void LineDecoder::tell(const LineSink& sink)
{
    m_cut += m_tooLong ? 1 : 0;
    m_tooLong = false;
    m_pending = 0;
    std::string text =
        core::validUtf8(m_converter ? m_converter->convert(std::move(m_line), m_unit) : m_line);
    m_line.clear();
    if (std::exchange(m_first, false) && text.starts_with(kUtf8Mark)) {
        text.erase(0, kUtf8Mark.size());
    }
    if (text.ends_with('\r')) {
        text.pop_back();
    }
    sink(text);
}

} // namespace collect
