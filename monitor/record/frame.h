// Frames: what a tick showed beside its samples, each only what has changed since the one before.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/record/frame_fields.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace record {

// A whole frame needs none before it; at least every so many is one.
inline constexpr int kWholeEvery = 60;
// What one frame may be, unpacked.
inline constexpr std::size_t kMostFrameBytes = std::size_t{16} << 20;

struct Frame {
    std::int64_t at = 0; // ms since the epoch, as its samples
    bool whole = false;
    std::size_t size = 0; // of the text
    std::string data;     // zlib stream of the JSON text: sqlite3's sqlar_uncompress(data, size) reads it
};

// Not thread-safe.
class FrameWriter {
public:
    // `memory`: the rules' states after this tick (alert::memoryJson), or empty; such a frame is whole.
    [[nodiscard]] Frame write(const metrics::Snapshot& snapshot, const std::string& memory);

private:
    std::map<std::string, std::string> m_last;
    int m_sinceWhole = 0;
};

// Not thread-safe. Total: any bytes are fine.
class FrameReader {
public:
    // The frames in order, from a whole one on. An error when the bytes are none, or the first is not whole.
    [[nodiscard]] core::Result<void> read(const Frame& frame);
    void reset();

    // Of the last frame; without families, alerts, rules and marks.
    [[nodiscard]] const metrics::Snapshot& snapshot() const noexcept { return m_snapshot; }
    [[nodiscard]] const std::vector<KeptExemplars>& exemplars() const noexcept { return m_exemplars; }
    // The rules' states after the last frame; empty when it has none.
    [[nodiscard]] const std::string& memory() const noexcept { return m_memory; }
    [[nodiscard]] bool any() const noexcept { return m_any; }

private:
    metrics::Snapshot m_snapshot;
    std::vector<KeptExemplars> m_exemplars;
    std::string m_memory;
    bool m_any = false;
};

[[nodiscard]] std::string packed(std::string_view text);
// An error when the bytes are no zlib stream of exactly `size` bytes, or that is more than kMostFrameBytes.
[[nodiscard]] core::Result<std::string> unpacked(std::string_view bytes, std::size_t size);

} // namespace record
