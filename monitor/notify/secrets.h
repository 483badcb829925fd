// Passwords and tokens: where they come from, and how they stay out of every text.
#pragma once

#include "monitor/core/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

// secrets.yml in the data folder: `name: value` lines. Immutable, thread-safe.
class Secrets {
public:
    Secrets() = default;
    // No file: no secrets. Refused when others than its owner may read or write it; the error names file and
    // reason, never a value.
    [[nodiscard]] static core::Result<Secrets> load(const std::filesystem::path& file);
    // One more (or a new value of one) in the file, which is made with mode 0600.
    [[nodiscard]] static core::Result<void> store(const std::filesystem::path& file, const std::string& name,
                                                  const std::string& value);

    // In memory only, for one that was just typed.
    void put(const std::string& name, const std::string& value) { m_values[name] = value; }
    // "secret:NAME", "env:NAME".
    [[nodiscard]] core::Result<std::string> resolve(std::string_view reference) const;
    [[nodiscard]] static bool isReference(std::string_view text);

private:
    std::map<std::string, std::string, std::less<>> m_values;
};

// What must not be read anywhere: given values, how they look inside a URL and in base64, and of URLs all
// that follows the host.
class Redactor {
public:
    void hide(const std::string& secret);
    void hideUrl(const std::string& url);
    // Every occurrence becomes "***"; one line, at most 300 characters.
    [[nodiscard]] std::string operator()(std::string_view text) const;

private:
    std::vector<std::string> m_hidden; // longest first
};

} // namespace notify
