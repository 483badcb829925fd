#include "monitor/series/chunk.h"

#include <algorithm>
#include <array>
#include <bit>

namespace series {

namespace {

constexpr unsigned kWord = 64;
constexpr unsigned kMaxLeading = 31; // five bits

struct TimeCode {
    std::uint64_t prefix;
    unsigned prefixBits;
    unsigned bits; // of the delta of deltas, two's complement
};

// One prefix a size. At 1 Hz with a millisecond of jitter nearly all are of the first two kinds.
constexpr std::array<TimeCode, 5> kTimeCodes{
    TimeCode{0b0, 1, 0}, {0b10, 2, 7}, {0b110, 3, 14}, {0b1110, 4, 24}, {0b1111, 4, 64}};

bool fits(std::int64_t value, unsigned bits) noexcept
{
    if (bits == 0) {
        return value == 0;
    }
    if (bits >= kWord) {
        return true;
    }
    const std::int64_t limit = std::int64_t{1} << (bits - 1);
    return value >= -limit && value < limit;
}

std::int64_t signExtend(std::uint64_t value, unsigned bits) noexcept
{
    return static_cast<std::int64_t>(value << (kWord - bits)) >> (kWord - bits);
}

class BitReader {
public:
    explicit BitReader(const std::vector<std::uint64_t>& words) noexcept
        : m_words(words.data())
        , m_size(words.size())
    {
    }

    // The next 64 bits, zeros behind the end.
    [[nodiscard]] std::uint64_t peek() const noexcept
    {
        const std::size_t word = m_at / kWord;
        const unsigned offset = m_at % kWord;
        const std::uint64_t bits = m_words[word] << offset;
        return offset != 0 && word + 1 < m_size ? bits | (m_words[word + 1] >> (kWord - offset)) : bits;
    }
    void skip(unsigned count) noexcept { m_at += count; }
    // `count` from 1 to 64.
    [[nodiscard]] std::uint64_t read(unsigned count) noexcept
    {
        const std::uint64_t bits = peek() >> (kWord - count);
        m_at += count;
        return bits;
    }

private:
    const std::uint64_t* m_words;
    std::size_t m_size;
    std::size_t m_at = 0;
};

// The samples one after the other; as many as the chunk counts.
class SampleReader {
public:
    explicit SampleReader(const std::vector<std::uint64_t>& words) noexcept
        : m_bits(words)
        , m_at(static_cast<std::int64_t>(m_bits.read(kWord)))
        , m_value(m_bits.read(kWord))
    {
    }

    [[nodiscard]] std::int64_t at() const noexcept { return m_at; }
    [[nodiscard]] Sample sample() const noexcept { return {m_at, std::bit_cast<double>(m_value)}; }
    void next() noexcept
    {
        readTime();
        readValue();
    }

private:
    void readTime() noexcept
    {
        const auto ones = static_cast<std::size_t>(std::countl_one(m_bits.peek()));
        const TimeCode& code = kTimeCodes[std::min(ones, kTimeCodes.size() - 1)];
        m_bits.skip(code.prefixBits);
        if (code.bits != 0) {
            m_delta += signExtend(m_bits.read(code.bits), code.bits);
        }
        m_at += m_delta;
    }
    void readValue() noexcept
    {
        const std::uint64_t bits = m_bits.peek();
        if (bits >> 63U == 0) {
            m_bits.skip(1);
            return;
        }
        if (bits >> 62U == 0b10) {
            m_bits.skip(2);
        } else {
            m_leading = static_cast<unsigned>(bits >> 57U & 31U);
            m_width = static_cast<unsigned>(bits >> 51U & 63U) + 1;
            m_bits.skip(13);
        }
        m_value ^= m_bits.read(m_width) << (kWord - m_leading - m_width);
    }

    BitReader m_bits;
    std::int64_t m_at;
    std::uint64_t m_value;
    std::int64_t m_delta = 0;
    unsigned m_leading = 0;
    unsigned m_width = 0;
};

} // namespace

void Chunk::write(std::uint64_t bits, unsigned count)
{
    if (count == 0) {
        return;
    }
    const unsigned offset = m_bits % kWord;
    if (offset == 0) {
        m_words.push_back(0);
    }
    const std::uint64_t aligned = bits << (kWord - count);
    m_words.back() |= aligned >> offset;
    if (offset + count > kWord) {
        m_words.push_back(aligned << (kWord - offset));
    }
    m_bits += count;
}

void Chunk::writeTime(std::int64_t at)
{
    const std::int64_t delta = at - m_last;
    const std::int64_t change = delta - m_delta;
    const auto code = std::find_if(kTimeCodes.begin(), kTimeCodes.end(), [change](const TimeCode& candidate) {
        return fits(change, candidate.bits);
    });
    write(code->prefix, code->prefixBits);
    const std::uint64_t mask = code->bits >= kWord ? ~std::uint64_t{0} : (std::uint64_t{1} << code->bits) - 1;
    write(static_cast<std::uint64_t>(change) & mask, code->bits);
    m_delta = delta;
}

void Chunk::writeValue(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::uint64_t change = bits ^ m_value;
    m_value = bits;
    if (change == 0) {
        write(0, 1);
        return;
    }
    const unsigned leading = std::min(static_cast<unsigned>(std::countl_zero(change)), kMaxLeading);
    const auto trailing = static_cast<unsigned>(std::countr_zero(change));
    const unsigned windowTrailing = kWord - m_leading - m_width;
    if (m_width != 0 && leading >= m_leading && trailing >= windowTrailing) {
        write(0b10, 2);
        write(change >> windowTrailing, m_width);
        return;
    }
    m_leading = leading;
    m_width = kWord - leading - trailing;
    write(0b11, 2);
    write(m_leading, 5);
    write(m_width - 1, 6);
    write(change >> trailing, m_width);
}

void Chunk::append(Sample sample)
{
    if (m_count == 0) {
        m_first = sample.at;
        m_firstValue = sample.value;
        m_value = std::bit_cast<std::uint64_t>(sample.value);
        write(static_cast<std::uint64_t>(sample.at), kWord);
        write(m_value, kWord);
    } else {
        m_even = m_even && !(sample.value < std::bit_cast<double>(m_value));
        writeTime(sample.at);
        writeValue(sample.value);
    }
    m_even = m_even && !isStale(sample.value);
    m_last = sample.at;
    ++m_count;
}

void Chunk::read(std::int64_t from, std::int64_t to, std::vector<Sample>& out) const
{
    if (m_count == 0 || m_last < from || m_first > to) {
        return;
    }
    SampleReader reader(m_words);
    for (std::size_t left = m_count; reader.at() <= to; reader.next()) {
        if (reader.at() >= from) {
            out.push_back(reader.sample());
        }
        if (--left == 0) {
            return;
        }
    }
}

Chunk::Place Chunk::seek(std::int64_t from) const noexcept
{
    SampleReader reader(m_words);
    std::size_t index = 0;
    for (; reader.at() < from; reader.next()) {
        ++index;
    }
    return {reader.sample(), index};
}

} // namespace series
