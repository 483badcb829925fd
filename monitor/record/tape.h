// A recording open for reading.
#pragma once

#include "monitor/core/result.h"
#include "monitor/record/tables.h"
#include "monitor/series/reader.h"
#include "monitor/store/read_session.h"
#include "monitor/store/records.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

class QTemporaryDir;

namespace record {

struct TapeInfo {
    std::int64_t from = 0; // ms since the epoch
    std::int64_t to = 0;
    std::int64_t leadFrom = 0; // samples begin here
    std::string title;
    std::string reason;  // "asked for", "incident", "history", "black box"
    std::string version; // of the program that wrote it
    std::string target;  // the server; no credentials
    Facts facts;         // all of them
};

struct TickValues {
    std::int64_t at = 0; // ms
    std::vector<std::pair<series::LabelsPtr, double>> values; // with __name__; no stale markers
    std::vector<series::LabelsPtr> ended;                     // those that end here
};

// Belongs to one thread. The file may be anything: what it says is checked, what does not fit is an error of one line.
class Tape {
public:
    // Errors by code: "missing", "not_a_recording", "newer", "damaged".
    [[nodiscard]] static core::Result<std::unique_ptr<Tape>> open(const std::filesystem::path& file);
    ~Tape();

    [[nodiscard]] const TapeInfo& info() const noexcept { return m_info; }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return m_given; }
    // What a store::DiskReader may read: the file, or a copy brought up to this program's tables.
    [[nodiscard]] const std::filesystem::path& readable() const noexcept { return m_readable; }
    // Ticks within [from, to], ascending. Ask for minutes, not for days.
    [[nodiscard]] core::Result<std::vector<TickValues>> ticks(std::int64_t from, std::int64_t to);
    // The samples themselves, stale markers among them.
    [[nodiscard]] core::Result<std::vector<series::SeriesData>> samples(std::int64_t from, std::int64_t to);
    // As readFrames().
    [[nodiscard]] core::Result<void> frames(std::int64_t from, std::int64_t to,
                                            const std::function<bool(const Frame&)>& sink);
    // All of a kind, the oldest first.
    [[nodiscard]] core::Result<std::vector<store::Record>> records(store::RecordKind kind);
    [[nodiscard]] const std::vector<RuleTexts>& rules() const noexcept { return m_rules; }

private:
    Tape(std::filesystem::path given, std::filesystem::path readable);
    template <class T, class Job>
    [[nodiscard]] core::Result<T> attempt(const Job& job);
    [[nodiscard]] core::Result<void> check();
    [[nodiscard]] core::Result<void> checkWhole();
    [[nodiscard]] core::Result<void> readInfo();
    [[nodiscard]] core::Unexpected<core::Error> problem(const std::string& what, const char* code) const;

    const std::filesystem::path m_given;
    std::filesystem::path m_readable;
    std::unique_ptr<QTemporaryDir> m_folder; // of the copy
    std::unique_ptr<store::ReadSession> m_session;
    TapeInfo m_info;
    std::vector<RuleTexts> m_rules;
};

} // namespace record
