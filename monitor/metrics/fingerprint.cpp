#include "monitor/metrics/fingerprint.h"

#include <fmt/format.h>

#include <string_view>

namespace metrics {

namespace {

constexpr std::uint64_t kOffset = 14695981039346656037ULL; // http://www.isthe.com/chongo/tech/comp/fnv/
constexpr std::uint64_t kPrime = 1099511628211ULL;

std::uint64_t add(std::uint64_t hash, std::string_view text) noexcept
{
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
    }
    return (hash ^ 0xffU) * kPrime;
}

} // namespace

std::uint64_t fingerprintOf(const Labels& labels) noexcept
{
    std::uint64_t hash = kOffset;
    for (const auto& [name, value] : labels) {
        hash = add(add(hash, name), value);
    }
    return hash;
}

std::string fingerprintText(std::uint64_t fingerprint)
{
    return fmt::format("{:016x}", fingerprint);
}

} // namespace metrics
