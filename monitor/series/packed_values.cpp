#include "monitor/series/packed_values.h"

#include "monitor/series/bit_stream.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

namespace series {

namespace {

enum class Coding : std::uint8_t { Constant, Differences, SecondDifferences, Few, Xor };
constexpr std::uint8_t kLastCoding = static_cast<std::uint8_t>(Coding::Xor);

constexpr unsigned kEscape = 24; // ones in a row: the difference follows as it is
constexpr std::array<double, 7> kScales{1, 10, 100, 1e3, 1e4, 1e5, 1e6};
constexpr double kExact = 9'007'199'254'740'992.0; // 2^53: whole numbers up to here are exact
constexpr std::size_t kFew = 64;

using Integers = std::vector<std::int64_t>;

std::uint64_t zigzag(std::int64_t value) noexcept
{
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) noexcept
{
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

// Wraps instead of overflowing: bytes from a disk may say anything.
std::int64_t sum(std::int64_t a, std::int64_t b) noexcept
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::int64_t difference(std::int64_t a, std::int64_t b) noexcept
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::uint64_t riceCost(const std::vector<std::uint64_t>& codes, unsigned k) noexcept
{
    std::uint64_t cost = 0;
    for (const std::uint64_t code : codes) {
        const std::uint64_t ones = code >> k;
        cost += ones >= kEscape ? kEscape + 64 : ones + 1 + k;
    }
    return cost;
}

void writeRice(BitWriter& out, const std::vector<std::uint64_t>& codes)
{
    unsigned best = 0;
    std::uint64_t cost = riceCost(codes, 0);
    for (unsigned k = 1; k < 48; ++k) {
        const std::uint64_t candidate = riceCost(codes, k);
        if (candidate < cost) {
            best = k;
            cost = candidate;
        } else if (candidate > cost * 2) {
            break;
        }
    }
    out.put(best, 6);
    for (const std::uint64_t code : codes) {
        const std::uint64_t ones = code >> best;
        if (ones >= kEscape) {
            out.put((1U << kEscape) - 1, kEscape);
            out.put(code, 64);
        } else {
            const auto count = static_cast<unsigned>(ones);
            out.put(((std::uint64_t{1} << count) - 1) << 1, count + 1);
            out.put(code & ((std::uint64_t{1} << best) - 1), best);
        }
    }
}

std::uint64_t readRice(BitReader& in, unsigned k) noexcept
{
    unsigned ones = 0;
    while (ones < kEscape && in.get(1) != 0) {
        ++ones;
    }
    return ones == kEscape ? in.get(64) : std::uint64_t{ones} << k | in.get(k);
}

void writeIntegers(BitWriter& out, const Integers& values, Coding coding)
{
    out.put(static_cast<std::uint64_t>(values.front()), 64);
    std::vector<std::uint64_t> codes;
    codes.reserve(values.size());
    std::int64_t before = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const std::int64_t step = difference(values[i], values[i - 1]);
        codes.push_back(zigzag(coding == Coding::Differences ? step : difference(step, before)));
        before = step;
    }
    writeRice(out, codes);
}

Integers readIntegers(BitReader& in, std::size_t count, Coding coding)
{
    Integers values(count);
    values.front() = static_cast<std::int64_t>(in.get(64));
    const auto k = static_cast<unsigned>(in.get(6));
    std::int64_t step = 0;
    for (std::size_t i = 1; i < count && !in.failed(); ++i) {
        const std::int64_t read = unzigzag(readRice(in, k));
        step = coding == Coding::Differences ? read : sum(step, read);
        values[i] = sum(values[i - 1], step);
    }
    return values;
}

// The values as whole numbers of 1/scale, when that loses no bit.
std::optional<Integers> asIntegers(std::span<const double> values, double scale)
{
    Integers whole;
    whole.reserve(values.size());
    for (const double value : values) {
        const double scaled = value * scale;
        if (!(std::abs(scaled) <= kExact)) {
            return std::nullopt;
        }
        const std::int64_t number = std::llround(scaled);
        if (std::bit_cast<std::uint64_t>(static_cast<double>(number) / scale) !=
            std::bit_cast<std::uint64_t>(value)) {
            return std::nullopt;
        }
        whole.push_back(number);
    }
    return whole;
}

void writeFew(BitWriter& out, std::span<const double> values, const std::vector<std::uint64_t>& distinct)
{
    out.put(distinct.size() - 1, 6);
    for (const std::uint64_t bits : distinct) {
        out.put(bits, 64);
    }
    const auto width = static_cast<unsigned>(std::bit_width(distinct.size() - 1));
    std::size_t last = 0;
    for (const double value : values) {
        const auto at =
            std::lower_bound(distinct.begin(), distinct.end(), std::bit_cast<std::uint64_t>(value));
        const auto index = static_cast<std::size_t>(at - distinct.begin());
        out.put(index == last ? 0 : 1, 1);
        if (index != last) {
            out.put(index, width);
        }
        last = index;
    }
}

void readFew(BitReader& in, std::span<double> out)
{
    std::vector<double> distinct(in.get(6) + 1);
    for (double& value : distinct) {
        value = std::bit_cast<double>(in.get(64));
    }
    const auto width = static_cast<unsigned>(std::bit_width(distinct.size() - 1));
    std::size_t index = 0;
    for (double& value : out) {
        if (in.get(1) != 0) {
            index = std::min<std::size_t>(in.get(width), distinct.size() - 1);
        }
        value = distinct[index];
    }
}

void writeXor(BitWriter& out, std::span<const double> values)
{
    auto before = std::bit_cast<std::uint64_t>(values.front());
    out.put(before, 64);
    unsigned leading = 0;
    unsigned width = 0;
    for (const double value : values.subspan(1)) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const std::uint64_t change = bits ^ before;
        before = bits;
        if (change == 0) {
            out.put(0, 1);
            continue;
        }
        const unsigned zeros = std::min(static_cast<unsigned>(std::countl_zero(change)), 31U);
        const auto trailing = static_cast<unsigned>(std::countr_zero(change));
        if (width != 0 && zeros >= leading && trailing >= 64 - leading - width) {
            out.put(0b10, 2);
        } else {
            leading = zeros;
            width = 64 - leading - trailing;
            out.put(0b11, 2);
            out.put(leading, 5);
            out.put(width - 1, 6);
        }
        out.put(change >> (64 - leading - width), width);
    }
}

void readXor(BitReader& in, std::span<double> out)
{
    std::uint64_t bits = in.get(64);
    out.front() = std::bit_cast<double>(bits);
    unsigned leading = 0;
    unsigned width = 0;
    for (double& value : out.subspan(1)) {
        if (in.get(1) != 0) {
            if (in.get(1) != 0) {
                leading = static_cast<unsigned>(in.get(5));
                width = std::min(static_cast<unsigned>(in.get(6)) + 1, 64 - leading);
            }
            bits ^= width == 0 ? 0 : in.get(width) << (64 - leading - width);
        }
        value = std::bit_cast<double>(bits);
    }
}

std::vector<std::uint64_t> distinctBits(std::span<const double> values)
{
    std::vector<std::uint64_t> distinct;
    for (const double value : values) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const auto at = std::lower_bound(distinct.begin(), distinct.end(), bits);
        if (at == distinct.end() || *at != bits) {
            if (distinct.size() == kFew) {
                return {};
            }
            distinct.insert(at, bits);
        }
    }
    return distinct;
}

// Present and absent moments by turns, a present run (perhaps empty) first.
std::vector<std::size_t> runsOf(std::span<const double> values)
{
    std::vector<std::size_t> runs{0};
    bool absent = false;
    for (const double value : values) {
        if (isGap(value) != absent) {
            absent = !absent;
            runs.push_back(0);
        }
        ++runs.back();
    }
    return runs;
}

void writeHead(BitWriter& out, Coding coding, std::size_t scale, std::span<const std::size_t> runs)
{
    out.put(static_cast<std::uint64_t>(coding), 4);
    out.put(scale, 3);
    out.put(runs.size() > 1 ? 1 : 0, 1);
    if (runs.size() > 1) {
        out.putVarint(runs.size());
    }
    for (const std::size_t run : runs) {
        out.putVarint(run);
    }
}

// Those among the possible codings, each written; the caller takes the shortest.
std::vector<Bytes> candidates(std::span<const double> values, std::span<const std::size_t> runs)
{
    std::vector<Bytes> all;
    const auto add = [&](Coding coding, std::size_t scale, const auto& body) {
        BitWriter out;
        writeHead(out, coding, scale, runs);
        body(out);
        all.push_back(out.take());
    };
    const auto distinct = distinctBits(values);
    if (distinct.size() == 1 || values.empty()) {
        add(Coding::Constant, 0, [&](BitWriter& out) { out.put(values.empty() ? 0 : distinct.front(), 64); });
        return all;
    }
    for (std::size_t scale = 0; scale < kScales.size(); ++scale) {
        if (const auto whole = asIntegers(values, kScales[scale])) {
            for (const Coding coding : {Coding::Differences, Coding::SecondDifferences}) {
                add(coding, scale, [&](BitWriter& out) { writeIntegers(out, *whole, coding); });
            }
            break;
        }
    }
    if (!distinct.empty()) {
        add(Coding::Few, 0, [&](BitWriter& out) { writeFew(out, values, distinct); });
    }
    if (all.size() < 2) { // whole numbers are never shorter so
        add(Coding::Xor, 0, [&](BitWriter& out) { writeXor(out, values); });
    }
    return all;
}

struct PackedHead {
    Coding coding = Coding::Constant;
    double scale = 1;
    std::vector<std::size_t> runs;
    std::size_t present = 0;
    std::size_t total = 0;
};

std::optional<PackedHead> readHead(BitReader& in)
{
    PackedHead head;
    const std::uint64_t coding = in.get(4);
    const std::uint64_t scale = in.get(3);
    const std::size_t runs = in.get(1) != 0 ? in.getVarint() : 1;
    if (coding > kLastCoding || scale >= kScales.size() || runs > kMaxPacked) {
        return std::nullopt;
    }
    head.coding = static_cast<Coding>(coding);
    head.scale = kScales[scale];
    for (std::size_t i = 0; i < runs; ++i) {
        const std::size_t run = in.getVarint();
        if (in.failed() || run > kMaxPacked - head.total) {
            return std::nullopt;
        }
        head.total += run;
        head.present += i % 2 == 0 ? run : 0;
        head.runs.push_back(run);
    }
    return head;
}

void readBody(BitReader& in, const PackedHead& head, std::span<double> out)
{
    switch (head.coding) {
    case Coding::Constant:
        std::fill(out.begin(), out.end(), std::bit_cast<double>(in.get(64)));
        return;
    case Coding::Differences:
    case Coding::SecondDifferences: {
        const Integers whole = readIntegers(in, out.size(), head.coding);
        std::transform(whole.begin(), whole.end(), out.begin(),
                       [&](std::int64_t number) { return static_cast<double>(number) / head.scale; });
        return;
    }
    case Coding::Few:
        readFew(in, out);
        return;
    case Coding::Xor:
        readXor(in, out);
        return;
    }
}

} // namespace

Bytes packValues(std::span<const double> values)
{
    const auto runs = runsOf(values);
    std::vector<double> present;
    if (runs.size() > 1) {
        std::copy_if(values.begin(), values.end(), std::back_inserter(present),
                     [](double value) { return !isGap(value); });
        values = present;
    }
    auto all = candidates(values, runs);
    return std::move(*std::min_element(all.begin(), all.end(),
                                       [](const Bytes& a, const Bytes& b) { return a.size() < b.size(); }));
}

bool unpackValues(std::span<const std::uint8_t> bytes, std::vector<double>& out)
{
    BitReader in(bytes);
    const auto head = readHead(in);
    if (!head) {
        return false;
    }
    std::vector<double> present(head->present);
    if (!present.empty()) {
        readBody(in, *head, present);
    }
    if (in.failed()) {
        return false;
    }
    auto next = present.begin();
    for (std::size_t i = 0; i < head->runs.size(); ++i) {
        const auto run = static_cast<std::ptrdiff_t>(head->runs[i]);
        if (i % 2 == 0) {
            out.insert(out.end(), next, next + run);
            next += run;
        } else {
            out.insert(out.end(), head->runs[i], gapMarker());
        }
    }
    return true;
}

Bytes packTimes(std::span<const std::int64_t> times)
{
    BitWriter out;
    out.putVarint(times.size());
    if (!times.empty()) {
        writeIntegers(out, Integers(times.begin(), times.end()), Coding::SecondDifferences);
    }
    return out.take();
}

bool unpackTimes(std::span<const std::uint8_t> bytes, std::vector<std::int64_t>& out)
{
    BitReader in(bytes);
    const std::size_t count = in.getVarint();
    if (in.failed() || count > kMaxPacked) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    const Integers times = readIntegers(in, count, Coding::SecondDifferences);
    if (in.failed()) {
        return false;
    }
    out.insert(out.end(), times.begin(), times.end());
    return true;
}

} // namespace series
