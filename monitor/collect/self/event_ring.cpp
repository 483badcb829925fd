#include "monitor/collect/self/event_ring.h"

#include "monitor/core/format.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <type_traits>

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

struct EventRing::Tail {
    std::array<char, 184> detail{};
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
    , m_cells(std::make_unique<Cell[]>(m_mask + 1))
{
}

void EventRing::push(const pool::PoolEvent& event, pool::EventKind kind, core::Nanos duration) noexcept
{
    static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) % sizeof(std::uint64_t) == 0);
    static_assert(std::is_trivially_copyable_v<Tail> && sizeof(Tail) % sizeof(std::uint64_t) == 0);
    static_assert(sizeof(Head) + sizeof(Tail) == kWords * sizeof(std::uint64_t));
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

    const std::uint64_t number = m_next.fetch_add(1, std::memory_order_relaxed);
    Cell& cell = m_cells[number & m_mask];
    cell.sequence.store(number * 2 + 1, std::memory_order_relaxed);
    cell.write<0>(head);
    if (tailed) {
        Tail tail;
        keep(tail.detail, event.detail);
        cell.write<sizeof head / sizeof(std::uint64_t)>(tail);
    }
    cell.sequence.store(number * 2 + 2, std::memory_order_release);
}

bool EventRing::read(std::uint64_t number, Head& head, Tail& tail) const noexcept
{
    const Cell& cell = m_cells[number & m_mask];
    const std::uint64_t whole = number * 2 + 2;
    if (cell.sequence.load(std::memory_order_acquire) != whole) {
        return false;
    }
    cell.read(0, head);
    if ((head.flags & kTailed) != 0) {
        cell.read(sizeof head / sizeof(std::uint64_t), tail);
    }
    return cell.sequence.load(std::memory_order_relaxed) == whole;
}

std::vector<EventRow> EventRing::since(std::uint64_t first, std::size_t atMost, Kinds wanted) const
{
    const std::uint64_t end = m_next.load(std::memory_order_acquire);
    const std::uint64_t many = std::min<std::uint64_t>({end - std::min(first, end), atMost, capacity()});
    std::vector<EventRow> rows;
    rows.reserve(wanted == nullptr ? many : 0);
    for (std::uint64_t number = end - many; number < end; ++number) {
        Head record;
        Tail tail;
        if (!read(number, record, tail) ||
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
    const std::uint64_t end = m_next.load(std::memory_order_acquire);
    const std::uint64_t oldest = end - std::min<std::uint64_t>(end, capacity());
    for (std::uint64_t number = std::max(from, oldest); number < end; ++number) {
        Head head;
        Tail tail;
        if (!read(number, head, tail)) {
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
