// std::source_location for clang before 16, which has no __builtin_source_location and so leaves libstdc++ 12's header
// empty. Included before everything else by the clang preset only; same interface, same meaning.
#pragma once

#define _GLIBCXX_SRCLOC 1 // the guard of libstdc++'s own header

#include <cstdint>

namespace std {

struct source_location {
    static constexpr source_location current(const char* file = __builtin_FILE(),
                                             const char* function = __builtin_FUNCTION(),
                                             uint_least32_t line = __builtin_LINE(),
                                             uint_least32_t column = __builtin_COLUMN()) noexcept
    {
        source_location here;
        here.m_file = file;
        here.m_function = function;
        here.m_line = line;
        here.m_column = column;
        return here;
    }
    constexpr uint_least32_t line() const noexcept { return m_line; }
    constexpr uint_least32_t column() const noexcept { return m_column; }
    constexpr const char* file_name() const noexcept { return m_file; }
    constexpr const char* function_name() const noexcept { return m_function; }

private:
    const char* m_file = "";
    const char* m_function = "";
    uint_least32_t m_line = 0;
    uint_least32_t m_column = 0;
};

} // namespace std
