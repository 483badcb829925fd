#include "monitor/engine/log_keeper.h"

#include "monitor/export/atomic_file.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace engine {

namespace {

using nlohmann::json;

constexpr auto kSaveEvery = std::chrono::seconds(15);
constexpr std::size_t kMostFileBytes = 1024 * 1024;

// Bytes of any encoding, which JSON cannot carry as they are.
std::string toHex(std::string_view bytes)
{
    std::string text;
    for (const char byte : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

int digitOf(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> fromHex(std::string_view text)
{
    std::string bytes;
    if (text.size() % 2 != 0 || text.size() > 2 * collect::Tail::kSignature) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = digitOf(text[i]);
        const int low = digitOf(text[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::optional<collect::LogPosition> positionOf(const json& entry)
{
    const auto number = [&](const char* name) -> std::optional<std::uint64_t> {
        const auto at = entry.find(name);
        return at != entry.end() && at->is_number_unsigned() ? std::optional(at->get<std::uint64_t>())
                                                             : std::nullopt;
    };
    if (!entry.is_object()) {
        return std::nullopt;
    }
    const auto device = number("device");
    const auto inode = number("inode");
    const auto offset = number("offset");
    const auto before = entry.find("before");
    if (!device || !inode || !offset || before == entry.end() || !before->is_string()) {
        return std::nullopt;
    }
    const auto bytes = fromHex(before->get<std::string>());
    return bytes ? std::optional(collect::LogPosition{*device, *inode, *offset, *bytes}) : std::nullopt;
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::string text(kMostFileBytes, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return text;
}

} // namespace

std::map<std::string, collect::LogPosition> parseLogPositions(std::string_view text)
{
    std::map<std::string, collect::LogPosition> positions;
    const json object = json::parse(text, nullptr, false);
    if (object.is_object()) {
        for (const auto& [name, entry] : object.items()) {
            if (auto position = positionOf(entry)) {
                positions.emplace(name, std::move(*position));
            }
        }
    }
    return positions;
}

std::string logPositionsText(const std::map<std::string, collect::LogPosition>& positions)
{
    json object = json::object();
    for (const auto& [name, position] : positions) {
        object[name] = {{"device", position.device},
                        {"inode", position.inode},
                        {"offset", position.offset},
                        {"before", toHex(position.before)}};
    }
    return object.dump(2) + '\n';
}

LogKeeper::LogKeeper(std::filesystem::path folder, collect::LogWatcherOptions options)
    : m_file(std::move(folder) / "log-positions.json")
{
    options.positions = parseLogPositions(contentOf(m_file));
    m_watcher = std::make_unique<collect::LogWatcher>(std::move(options));
}

LogKeeper::~LogKeeper()
{
    stop();
}

void LogKeeper::stop()
{
    m_watcher->stop();
    save();
}

// A place that cannot be kept costs some lines of the next run, no more.
void LogKeeper::save() const
{
    if (const auto positions = m_watcher->positions(); !positions.empty()) {
        (void)exporting::writeAtomically(m_file, logPositionsText(positions));
    }
}

void LogKeeper::remember(core::SteadyTime now, FileWriter& writer)
{
    if (now >= m_nextSave) {
        m_nextSave = now + kSaveEvery;
        (void)writer.post([this] { save(); });
    }
}

} // namespace engine
