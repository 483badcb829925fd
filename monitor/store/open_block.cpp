#include "monitor/store/open_block.h"

#include "monitor/series/bit_stream.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace store {

namespace {

bool same(double a, double b) noexcept
{
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

void writeChange(series::BitWriter& out, std::int64_t series, double value)
{
    out.putVarint(static_cast<std::uint64_t>(series));
    out.put(std::bit_cast<std::uint64_t>(value), 64);
}

} // namespace

OpenBlock::Column& OpenBlock::columnOf(std::int64_t series)
{
    const auto [place, added] = m_places.try_emplace(series, m_columns.size());
    if (added) {
        m_columns.push_back({series, m_times.size() - 1, {}});
    }
    return m_columns[place->second];
}

void OpenBlock::append(std::int64_t at, std::span<const TickValue> samples)
{
    m_times.push_back(at);
    const std::size_t tick = m_times.size() - 1;
    series::BitWriter changes;
    for (const TickValue& sample : samples) {
        Column& column = columnOf(sample.series);
        if (column.first + column.values.size() > tick) {
            continue; // twice in one tick: the first one stands
        }
        if (column.values.empty() || !same(column.values.back(), sample.value)) {
            writeChange(changes, sample.series, sample.value);
        }
        column.values.push_back(sample.value);
    }
    for (Column& column : m_columns) {
        if (column.first + column.values.size() <= tick) {
            if (!series::isGap(column.values.back())) {
                writeChange(changes, column.series, series::gapMarker());
            }
            column.values.push_back(series::gapMarker());
        }
    }
    m_new.push_back({at, changes.take()});
}

bool OpenBlock::replay(std::int64_t at, std::span<const std::uint8_t> changes)
{
    if (!m_times.empty() && at <= m_times.back()) {
        return false;
    }
    std::vector<TickValue> read;
    series::BitReader in(changes);
    while (in.position() < changes.size()) {
        const auto series = static_cast<std::int64_t>(in.getVarint());
        const double value = std::bit_cast<double>(in.get(64));
        if (in.failed()) {
            return false;
        }
        read.push_back({series, value});
    }
    m_times.push_back(at);
    for (Column& column : m_columns) {
        column.values.push_back(column.values.back());
    }
    for (const TickValue& change : read) {
        Column& column = columnOf(change.series);
        if (column.first == m_times.size() - 1 && column.values.empty()) {
            column.values.push_back(change.value);
        } else {
            column.values.back() = change.value;
        }
    }
    return true;
}

void OpenBlock::truncate(std::int64_t at)
{
    const auto end = std::lower_bound(m_times.begin(), m_times.end(), at);
    const auto kept = static_cast<std::size_t>(end - m_times.begin());
    m_times.erase(end, m_times.end());
    std::erase_if(m_columns, [&](const Column& column) { return column.first >= kept; });
    m_places.clear();
    for (Column& column : m_columns) {
        column.values.resize(std::min(column.values.size(), kept - column.first));
        m_places.emplace(column.series, m_places.size());
    }
    std::erase_if(m_new, [&](const Tick& tick) { return tick.at >= at; });
}

void OpenBlock::clear()
{
    *this = OpenBlock();
}

void OpenBlock::restoreColumn(Column column)
{
    if (column.first >= m_times.size() || !m_places.try_emplace(column.series, m_columns.size()).second) {
        return;
    }
    column.values.resize(m_times.size() - column.first, series::gapMarker());
    m_columns.push_back(std::move(column));
}

std::vector<OpenBlock::Tick> OpenBlock::takeNew()
{
    return std::exchange(m_new, {});
}

series::Bytes packChunk(const OpenBlock::Column& column)
{
    // Gaps at the end need no telling.
    const auto last = std::find_if(column.values.rbegin(), column.values.rend(),
                                   [](double value) { return !series::isGap(value); });
    const auto length = static_cast<std::size_t>(column.values.rend() - last);
    series::BitWriter head;
    head.putVarint(column.first);
    series::Bytes bytes = head.take();
    const series::Bytes values = series::packValues(std::span(column.values).first(length));
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
}

bool unpackChunk(std::span<const std::uint8_t> bytes, OpenBlock::Column& out)
{
    series::BitReader head(bytes);
    out.first = head.getVarint();
    return !head.failed() && out.first <= series::kMaxPacked &&
           series::unpackValues(bytes.subspan(head.position()), out.values);
}

} // namespace store
