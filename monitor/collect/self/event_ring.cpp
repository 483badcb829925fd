#include "monitor/collect/self/event_ring.h"

#include "monitor/core/format.h"
#include "monitor/metrics/thread_shard.h"
#include "monitor/pool/brief_mutex.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <tuple>
#include <type_traits>
#include <utility>

namespace collect {

namespace {

constexpr std::uint32_t kTailed = 1; // the words of a tail follow
constexpr std::uint32_t kWaited = 2; // the request was in the queue

// Cuts at a character's beginning, so that what is kept is whole; ends with a NUL.
template <std::size_t N>
void keep(std::array<char, N>& into, std::string_view text) noexcept
{
    std::size_t length = std::min(text.size(), N - 1);
    while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
        --length;
    }
    std::copy_n(text.data(), length, into.data());
    into[length] = '\0';
}

} // namespace

// What every event has, and what few have: requests and returns, by far the most, write the head only.
struct EventRing::Head {
    std::int64_t at = 0;
    std::int64_t duration = 0;
    std::uint64_t lease = 0;
    std::source_location site;
    std::int32_t slot = -1;
    std::int32_t backendPid = 0;
    std::uint8_t kind = 0;
    std::uint8_t flags = 0; // kTailed, kWaited
    std::array<char, 6> sqlstate{};
    std::array<char, 24> tag{};
};

// Apart from the heads, so that these are two whole cache lines each.
struct EventRing::Tail {
    std::array<char, 184> detail{};
};

namespace {

template <class T>
using WordsOf = std::array<std::atomic<std::uint64_t>, sizeof(T) / sizeof(std::uint64_t)>;

template <std::size_t I, class T>
std::uint64_t wordOf(const T& value) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, reinterpret_cast<const char*>(&value) + I * sizeof word, sizeof word);
    return word;
}

// Who sees a word sees the odd number before it; no fence: TSan knows none. Word by word from the value, one
// statement a word: through an array the processor would have to wait for its own stores.
template <class T>
void store(WordsOf<T>& words, const T& value) noexcept
{
    const auto each = [&]<std::size_t... I>(std::index_sequence<I...>)
    {
        (words[I].store(wordOf<I>(value), std::memory_order_release), ...);
    };
    each(std::make_index_sequence<sizeof(T) / sizeof(std::uint64_t)>());
}

template <class T>
void load(const WordsOf<T>& words, T& value) noexcept
{
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::uint64_t word = words[i].load(std::memory_order_acquire);
        std::memcpy(reinterpret_cast<char*>(&value) + i * sizeof word, &word, sizeof word);
    }
}

} // namespace

// A seqlock whose data are atomics too (Boehm, "Can seqlocks get along with programming language memory
// models?").
struct alignas(64) EventRing::Cell {
    std::atomic<std::uint64_t> sequence{0}; // 2·claim + 1 while written, 2·claim + 2 when whole
    WordsOf<Head> words{};
};

struct alignas(64) EventRing::TailCell {
    WordsOf<Tail> words{};
};

// kChunk cells that are filled one after the other, by one thread.
struct alignas(64) EventRing::Chunk {
    std::atomic<bool> owned{false};
    std::atomic<std::uint32_t> filled{0};
    std::atomic<std::uint32_t> shard{0};
    // Whose turn with it this is, 1, 2, 3 … over all chunks, times 256; plus how many have been numbered.
    std::atomic<std::uint64_t> turn{0};
};

struct alignas(64) EventRing::Writer {
    pool::BriefMutex mutex; // only where threads share a shard
    Chunk* chunk = nullptr;
    std::uint32_t filled = kChunk;
    std::uint64_t claim = 0;
    std::uint32_t first = 0; // cell of the chunk
    std::uint32_t shard = 0;
};

// New to the readers, not yet in order.
struct EventRing::Found {
    std::int64_t at = 0;
    std::uint32_t shard = 0;
    Place place;
};

std::string siteText(const std::source_location& site)
{
    const std::string_view path = site.file_name();
    if (path.empty()) {
        return {};
    }
    const std::size_t slash = path.rfind('/');
    const std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
    std::string_view function =
        site.function_name(); // "void orders::load(int)": the name is before the parameters
    function = function.substr(0, function.find('('));
    const std::size_t blank = function.rfind(' ');
    std::string name(blank == std::string_view::npos ? function : function.substr(blank + 1));
    constexpr std::string_view kNameless = "{anonymous}::"; // says nothing to those who read it
    for (std::size_t at = name.find(kNameless); at != std::string::npos; at = name.find(kNameless)) {
        name.erase(at, kNameless.size());
    }
    return fmt::format("{}:{} {}", file, site.line(), name);
}

EventRing::EventRing(std::size_t capacity)
    : m_mask(std::bit_ceil(std::max<std::size_t>(capacity, 2)) - 1)
    , m_chunkCount(m_mask / kChunk + 1 + metrics::kThreadShards + 1)
    , m_cells(std::make_unique<Cell[]>(m_chunkCount * kChunk))
    , m_tails(std::make_unique<TailCell[]>(m_chunkCount * kChunk))
    , m_chunks(std::make_unique<Chunk[]>(m_chunkCount))
    , m_writers(std::make_unique<Writer[]>(metrics::kThreadShards + 1))
    , m_order(m_mask + 1)
{
    static_assert(sizeof(Cell) == 128 && sizeof(TailCell) == 192); // whole cache lines
    for (std::uint32_t shard = 0; shard <= metrics::kThreadShards; ++shard) {
        m_writers[shard].shard = shard;
    }
}

EventRing::~EventRing() = default;

std::size_t EventRing::bytes() const noexcept
{
    return m_chunkCount * (kChunk * (sizeof(Cell) + sizeof(TailCell)) + sizeof(Chunk)) +
           (metrics::kThreadShards + 1) * sizeof(Writer) + capacity() * sizeof(Place);
}

// By the writer's thread, or under its lock. Always inlined: the head goes from registers to the cell.
[[gnu::always_inline]] inline void EventRing::put(Writer& writer, const Head& head,
                                                  std::string_view detail) noexcept
{
    if (writer.filled == kChunk) [[unlikely]] {
        nextChunk(writer);
    }
    const std::uint32_t at = writer.first + writer.filled;
    Cell& cell = m_cells[at];
    cell.sequence.store(writer.claim * 2 + 1, std::memory_order_relaxed);
    store<Head>(cell.words, head);
    if ((head.flags & kTailed) != 0) [[unlikely]] {
        putTail(at, detail);
    }
    cell.sequence.store(writer.claim * 2 + 2, std::memory_order_release);
    writer.chunk->filled.store(++writer.filled, std::memory_order_release);
}

[[gnu::noinline]] void EventRing::putTail(std::uint32_t cell, std::string_view detail) noexcept
{
    Tail tail;
    keep(tail.detail, detail);
    store<Tail>(m_tails[cell].words, tail);
}

void EventRing::push(const pool::PoolEvent& event, pool::EventKind kind, core::Nanos duration) noexcept
{
    static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) % sizeof(std::uint64_t) == 0);
    static_assert(std::is_trivially_copyable_v<Tail> && sizeof(Tail) % sizeof(std::uint64_t) == 0);
    const bool tailed = !event.detail.empty();
    Head head;
    head.at = core::Nanos(event.at.time_since_epoch()).count();
    head.duration = duration.count();
    head.lease = event.lease;
    head.site = event.site;
    head.slot = event.slot;
    head.backendPid = event.backendPid;
    head.kind = static_cast<std::uint8_t>(kind);
    head.flags = static_cast<std::uint8_t>((tailed ? kTailed : 0U) | (event.waited ? kWaited : 0U));
    keep(head.sqlstate, event.sqlstate);
    keep(head.tag, event.tag);
    const std::size_t shard = metrics::threadShard();
    Writer& writer = m_writers[shard];
    if (shard != metrics::kSharedShard) [[likely]] {
        put(writer, head, event.detail);
        return;
    }
    const pool::BriefLock lock(writer.mutex);
    put(writer, head, event.detail);
}

// The next in turn that nobody is filling: there are more chunks than writers.
void EventRing::nextChunk(Writer& writer) noexcept
{
    if (writer.chunk != nullptr) {
        writer.chunk->owned.store(false, std::memory_order_release);
    }
    for (;;) {
        const std::uint64_t claim = m_claims.fetch_add(1, std::memory_order_relaxed) + 1;
        const std::size_t index = claim % m_chunkCount;
        Chunk& chunk = m_chunks[index];
        if (chunk.owned.load(std::memory_order_relaxed) ||
            chunk.owned.exchange(true, std::memory_order_acquire)) {
            continue;
        }
        chunk.filled.store(0, std::memory_order_relaxed);
        chunk.shard.store(writer.shard, std::memory_order_relaxed);
        const std::uint64_t before = chunk.turn.exchange(claim << 8U, std::memory_order_acq_rel);
        if (before != 0) { // it was full
            m_lost.fetch_add(kChunk - (before & 0xFFU), std::memory_order_relaxed);
        }
        writer.chunk = &chunk;
        writer.filled = 0;
        writer.claim = claim;
        writer.first = static_cast<std::uint32_t>(index) * kChunk;
        return;
    }
}

bool EventRing::read(const Place& place, Head& head, Tail& tail) const noexcept
{
    const Cell& cell = m_cells[place.cell];
    const std::uint64_t whole = place.claim * 2 + 2;
    if (cell.sequence.load(std::memory_order_acquire) != whole) {
        return false;
    }
    load<Head>(cell.words, head);
    if ((head.flags & kTailed) != 0) {
        load<Tail>(m_tails[place.cell].words, tail);
    }
    return cell.sequence.load(std::memory_order_relaxed) == whole;
}

// What has been written since the last look, each writer's in its order.
void EventRing::takeNew(std::vector<Found>& into) const
{
    for (std::size_t index = 0; index < m_chunkCount; ++index) {
        Chunk& chunk = m_chunks[index];
        std::uint64_t turn = chunk.turn.load(std::memory_order_acquire);
        const std::uint32_t shard = chunk.shard.load(std::memory_order_relaxed);
        const std::uint32_t filled = chunk.filled.load(std::memory_order_acquire);
        const std::uint64_t claim = turn >> 8U;
        const auto taken = static_cast<std::uint32_t>(turn & 0xFFU);
        if (claim == 0 || filled <= taken ||
            !chunk.turn.compare_exchange_strong(turn, (claim << 8U) + filled, std::memory_order_acq_rel)) {
            continue; // nothing, or begun anew this very moment: then it is counted as lost
        }
        for (std::uint32_t i = taken; i < filled; ++i) {
            const auto cell = static_cast<std::uint32_t>(index) * kChunk + i;
            into.push_back({static_cast<std::int64_t>(m_cells[cell].words[0].load(std::memory_order_acquire)),
                            shard,
                            {cell, claim}});
        }
    }
    std::sort(into.begin(), into.end(), [](const Found& a, const Found& b) {
        return std::tie(a.shard, a.place.claim, a.place.cell) <
               std::tie(b.shard, b.place.claim, b.place.cell);
    });
}

// Numbers what is new: by time, but never one of a thread's before an earlier one of the same thread.
void EventRing::order() const
{
    std::vector<Found> found;
    takeNew(found);
    const std::uint64_t lost = m_lost.load(std::memory_order_relaxed);
    for (std::uint64_t gone = std::exchange(m_lostSeen, lost); gone < lost;
         ++gone) { // older than all that was found
        m_order[m_end++ & m_mask] = Place{};
    }
    for (std::size_t i = 1; i < found.size(); ++i) {
        if (found[i].shard == found[i - 1].shard) {
            found[i].at = std::max(found[i].at, found[i - 1].at);
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.at < b.at; });
    for (const Found& one : found) {
        m_order[m_end++ & m_mask] = one.place;
    }
}

std::vector<EventRing::Place> EventRing::places(std::uint64_t first, std::size_t atMost,
                                                std::uint64_t& end) const
{
    const core::MutexLock lock(m_mutex);
    order();
    end = m_end;
    const std::uint64_t many = std::min<std::uint64_t>({end - std::min(first, end), atMost, capacity()});
    std::vector<Place> found;
    found.reserve(many);
    for (std::uint64_t number = end - many; number < end; ++number) {
        found.push_back(m_order[number & m_mask]);
    }
    return found;
}

std::uint64_t EventRing::pushed() const
{
    const core::MutexLock lock(m_mutex);
    order();
    return m_end;
}

std::vector<EventRow> EventRing::since(std::uint64_t first, std::size_t atMost, Kinds wanted) const
{
    std::uint64_t end = 0;
    const std::vector<Place> found = places(first, atMost, end);
    std::vector<EventRow> rows;
    rows.reserve(wanted == nullptr ? found.size() : 0);
    std::uint64_t number = end - found.size() - 1;
    for (const Place& place : found) {
        ++number;
        Head record;
        Tail tail;
        if (!read(place, record, tail) ||
            (wanted != nullptr && !wanted(static_cast<pool::EventKind>(record.kind)))) {
            continue;
        }
        EventRow row;
        row.number = number;
        row.at = core::SteadyTime(core::Nanos(record.at));
        row.kind = static_cast<pool::EventKind>(record.kind);
        row.slot = record.slot;
        row.backendPid = record.backendPid;
        row.lease = record.lease;
        row.waited = (record.flags & kWaited) != 0;
        row.duration = core::Nanos(record.duration);
        row.tag = core::validUtf8(record.tag.data());
        row.site = siteText(record.site);
        row.detail = core::oneLine(tail.detail.data(), tail.detail.size());
        row.sqlstate = record.sqlstate.data();
        rows.push_back(std::move(row));
    }
    return rows;
}

std::uint64_t EventRing::visit(std::uint64_t from, const std::function<void(const EventView&)>& visitor) const
{
    std::uint64_t end = 0;
    const std::vector<Place> found = places(from, capacity(), end);
    std::uint64_t number = end - found.size() - 1;
    for (const Place& place : found) {
        ++number;
        Head head;
        Tail tail;
        if (!read(place, head, tail)) {
            continue;
        }
        EventView view;
        view.number = number;
        view.at = core::SteadyTime(core::Nanos(head.at));
        view.kind = static_cast<pool::EventKind>(head.kind);
        view.slot = head.slot;
        view.lease = head.lease;
        view.duration = core::Nanos(head.duration);
        view.site = head.site;
        view.tag = head.tag.data();
        view.detail = tail.detail.data();
        visitor(view);
    }
    return end;
}

} // namespace collect
