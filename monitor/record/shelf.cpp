#include "monitor/record/shelf.h"

#include "monitor/record/tape.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cctype>
#include <string_view>
#include <system_error>

namespace record {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "incident-";
constexpr std::size_t kLongestTitle = 60;
constexpr std::size_t kStamp = 16; // 20261126T212500Z

// The stamp in the names puts them in order.
std::vector<fs::path> filesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".poolscope" && entry.path().filename().string().starts_with(kPrefix)) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.filename() > b.filename(); });
    return files;
}

} // namespace

std::string shelfName(std::int64_t at, const std::string& title)
{
    std::string tame = title.substr(0, kLongestTitle);
    for (char& c : tame) {
        c = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ? c : '_';
    }
    const std::chrono::sys_seconds second(std::chrono::seconds(at / 1000));
    return fmt::format("{}{:%Y%m%dT%H%M%SZ}-{}.poolscope", kPrefix,
                       fmt::gmtime(std::chrono::system_clock::to_time_t(second)), tame);
}

fs::path shelfRecording(const fs::path& folder, std::int64_t at, const std::string& title)
{
    const std::string own = shelfName(at, title);
    const std::string newest = shelfName(at, {}).substr(0, kPrefix.size() + kStamp);
    const std::int64_t before = at - std::chrono::duration_cast<core::Millis>(kSavedAfter).count();
    const std::string oldest = shelfName(before, {}).substr(0, kPrefix.size() + kStamp);
    for (const fs::path& file : filesIn(folder)) { // the newest first
        const std::string name = file.filename().string();
        const std::string stamp = name.substr(0, kPrefix.size() + kStamp);
        if (name == own || (stamp <= newest && stamp >= oldest)) {
            return file;
        }
    }
    return {};
}

std::vector<ShelfEntry> shelfEntries(const fs::path& folder)
{
    std::vector<ShelfEntry> entries;
    for (const fs::path& file : filesIn(folder)) {
        std::error_code error;
        ShelfEntry entry{file, fs::file_size(file, error), 0, 0, file.stem().string()};
        if (const auto tape = Tape::open(file)) {
            entry.from = (*tape)->info().from;
            entry.to = (*tape)->info().to;
            entry.title = (*tape)->info().title;
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

void tidyShelf(const fs::path& folder, const ShelfLimits& limits)
{
    std::size_t count = 0;
    std::uint64_t bytes = 0;
    std::error_code error;
    for (const fs::path& file : filesIn(folder)) {
        const std::uint64_t size = fs::file_size(file, error);
        ++count;
        bytes += error ? 0 : size;
        if (count > limits.recordings || (bytes > limits.bytes && count > 1)) {
            fs::remove(file, error);
            bytes -= error ? 0 : size;
            --count;
        }
    }
}

} // namespace record
