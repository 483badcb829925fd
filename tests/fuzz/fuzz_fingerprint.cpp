// Any bytes as a statement: nothing crashes, what is shown is one clean line, and a value closed by us stays
// hidden.
#include "monitor/core/format.h"
#include "monitor/pg/fingerprint.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds)
{
    if (!holds) {
        std::abort();
    }
}

// One line of valid UTF-8 without control characters: oneLine() has nothing to change. (The full stop guards
// a blank at the cut.)
bool isClean(const std::string& text)
{
    return core::oneLine(text + '.', text.size() + 1) == text + '.';
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string sql(reinterpret_cast<const char*>(data), size);
    const std::string shown = pg::redact(sql, 100);
    require(isClean(shown));
    const pg::Fingerprint made = pg::fingerprint(sql);
    require(isClean(made.text));
    require(pg::fingerprint(sql).id == made.id);

    // A statement's start never makes the values after a closed statement visible.
    const std::string secret = "select 'kanarienvogel'; " + sql;
    require(pg::redact(secret, 100000).find("kanarienvogel") == std::string::npos ||
            sql.find("kanarienvogel") != std::string::npos);
    return 0;
}
