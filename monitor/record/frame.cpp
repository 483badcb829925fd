#include "monitor/record/frame.h"

#include <fmt/format.h>
#include <zlib.h>

#include <utility>

namespace record {

std::string packed(std::string_view text)
{
    uLongf size = compressBound(static_cast<uLong>(text.size()));
    std::string bytes(size, '\0');
    compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
              static_cast<uLong>(text.size()), Z_BEST_SPEED + 2);
    bytes.resize(size);
    return bytes;
}

core::Result<std::string> unpacked(std::string_view bytes, std::size_t size)
{
    if (size > kMostFrameBytes) {
        return core::fail(fmt::format("a frame of {} bytes is too large", size), "damaged");
    }
    std::string text(size, '\0');
    uLongf got = static_cast<uLongf>(size);
    const int outcome = uncompress(reinterpret_cast<Bytef*>(text.data()), &got,
                                   reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()));
    if (outcome != Z_OK || got != size) {
        return core::fail("a frame is damaged", "damaged");
    }
    return text;
}

Frame FrameWriter::write(const metrics::Snapshot& snapshot, const std::string& memory)
{
    std::map<std::string, std::string> sections = sectionsOf(snapshot);
    const bool whole = m_last.empty() || !memory.empty() || ++m_sinceWhole >= kWholeEvery;
    m_sinceWhole = whole ? 0 : m_sinceWhole;
    std::string text = "{";
    const auto add = [&text](const std::string& name, const std::string& part) {
        text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + part;
    };
    for (const auto& [name, part] : sections) {
        const auto before = m_last.find(name);
        if (whole || before == m_last.end() || before->second != part) {
            add(name, part);
        }
    }
    if (!memory.empty()) {
        add("memory", memory);
    }
    text += '}';
    m_last = std::move(sections);
    return {core::epochMillis(snapshot.at), whole, text.size(), packed(text)};
}

core::Result<void> FrameReader::read(const Frame& frame)
{
    const auto text = unpacked(frame.data, frame.size);
    if (!text) {
        return core::Unexpected<core::Error>{text.error()};
    }
    const Json sections = Json::parse(*text, nullptr, false);
    if (!sections.is_object() || (!frame.whole && !m_any)) {
        return core::fail("a frame is damaged", "damaged");
    }
    if (frame.whole) {
        reset();
    }
    takeSections(sections, m_snapshot, m_exemplars);
    m_any = true;
    const auto memory = sections.find("memory");
    m_memory = memory != sections.end() ? memory->dump(-1, ' ', false, Json::error_handler_t::replace) : std::string();
    return {};
}

void FrameReader::reset()
{
    m_snapshot = {};
    m_exemplars.clear();
    m_memory.clear();
    m_any = false;
}

} // namespace record
