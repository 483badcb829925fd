#include "monitor/metrics/histogram.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <new>

namespace metrics {

namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kCellsPerLine = kCacheLine / sizeof(std::uint64_t);

std::size_t roundedUp(std::size_t cells) {
    return (cells + kCellsPerLine - 1) / kCellsPerLine * kCellsPerLine;
}

void addShared(std::atomic<std::uint64_t>& bits, double value) noexcept {
    std::uint64_t seen = bits.load(std::memory_order_relaxed);
    while (!bits.compare_exchange_weak(
        seen, std::bit_cast<std::uint64_t>(std::bit_cast<double>(seen) + value), std::memory_order_relaxed)) {
    }
}

} // namespace

void Histogram::Free::operator()(Cell* cells) const noexcept {
    ::operator delete[](cells, std::align_val_t(kCacheLine));
}

Histogram::Histogram(std::span<const double> bounds)
    : m_bounds(bounds.begin(), bounds.end())
    , m_stride(roundedUp(bounds.size() + 2)) {
    assert(!m_bounds.empty() && std::isfinite(m_bounds.back()));
    assert(std::adjacent_find(m_bounds.begin(), m_bounds.end(), std::greater_equal<>()) == m_bounds.end());
    const std::size_t total = (kThreadShards + 1) * m_stride;
    void* memory = ::operator new[](total * sizeof(Cell), std::align_val_t(kCacheLine));
    auto* cells = static_cast<Cell*>(memory);
    for (std::size_t i = 0; i < total; ++i) {
        new (cells + i) Cell(0); // 0 is also the bit pattern of 0.0
    }
    m_cells.reset(cells);
}

void Histogram::add(std::size_t bucket, double value) noexcept {
    if (std::isnan(value)) {
        return;
    }
    const std::size_t index = threadShard();
    Cell* const cells = shard(index);
    Cell& count = cells[bucket];
    Cell& sum = cells[m_bounds.size() + 1];
    if (index == kSharedShard) {
        addShared(sum, value);
        count.fetch_add(1, std::memory_order_release);
        return;
    }
    const double before = std::bit_cast<double>(sum.load(std::memory_order_relaxed));
    sum.store(std::bit_cast<std::uint64_t>(before + value), std::memory_order_relaxed);
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

HistogramValue Histogram::value() const {
    HistogramValue result;
    result.bounds = m_bounds;
    result.counts.assign(m_bounds.size() + 1, 0);
    for (std::size_t index = 0; index <= kSharedShard; ++index) {
        const Cell* const cells = shard(index);
        for (std::size_t bucket = 0; bucket < result.counts.size(); ++bucket) {
            result.counts[bucket] += cells[bucket].load(std::memory_order_acquire);
        }
        result.sum += std::bit_cast<double>(cells[m_bounds.size() + 1].load(std::memory_order_relaxed));
    }
    for (const std::uint64_t count : result.counts) {
        result.count += count;
    }
    return result;
}

} // namespace metrics
