// Bits written and read from the most significant on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace series {

// Not thread-safe.
class BitWriter {
public:
    // The lowest `count` (0 … 64) bits of `bits`.
    void put(std::uint64_t bits, unsigned count)
    {
        while (count > 0) {
            const unsigned free = 8 - m_used;
            const unsigned take = count < free ? count : free;
            const std::uint64_t part = (bits >> (count - take)) & ((1U << take) - 1);
            if (m_used == 0) {
                m_bytes.push_back(0);
            }
            m_bytes.back() = static_cast<std::uint8_t>(m_bytes.back() | part << (free - take));
            m_used = (m_used + take) % 8;
            count -= take;
        }
    }
    // 7 bits a group, the lowest first, each with a bit that says whether more follow.
    void putVarint(std::uint64_t value)
    {
        while (value >= 0x80) {
            put((value & 0x7f) | 0x80, 8);
            value >>= 7;
        }
        put(value, 8);
    }
    [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(m_bytes); }

private:
    std::vector<std::uint8_t> m_bytes;
    unsigned m_used = 0; // bits of the last byte
};

// Of bytes that may be anything: beyond the end there are only zeros, and failed() says so. Not thread-safe.
class BitReader {
public:
    explicit BitReader(std::span<const std::uint8_t> bytes) noexcept
        : m_bytes(bytes)
    {
    }

    [[nodiscard]] std::uint64_t get(unsigned count) noexcept
    {
        if (count > 56) { // more than one load can give
            const std::uint64_t high = get(count - 32);
            return high << 32 | get(32);
        }
        if (count == 0) {
            return 0;
        }
        if (m_at + count > m_bytes.size() * 8) {
            m_failed = true;
            m_at = m_bytes.size() * 8;
            return 0;
        }
        const std::uint64_t bits = window(m_at / 8) << (m_at % 8) >> (64 - count);
        m_at += count;
        return bits;
    }
    [[nodiscard]] std::uint64_t getVarint() noexcept
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {
            const std::uint64_t group = get(8);
            value |= (group & 0x7f) << shift;
            if (group < 0x80) {
                return value;
            }
        }
        m_failed = true;
        return 0;
    }
    [[nodiscard]] bool failed() const noexcept { return m_failed; }
    // Whole bytes begun so far.
    [[nodiscard]] std::size_t position() const noexcept { return (m_at + 7) / 8; }

private:
    [[nodiscard]] std::uint64_t window(std::size_t byte) const noexcept
    {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            bits = bits << 8 | (byte + i < m_bytes.size() ? m_bytes[byte + i] : 0U);
        }
        return bits;
    }

    std::span<const std::uint8_t> m_bytes;
    std::size_t m_at = 0; // bits
    bool m_failed = false;
};

} // namespace series
