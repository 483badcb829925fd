// Passwords and tokens: where they come from, and how they stay out of every text.
#pragma once

#include "monitor/core/result.h"
#include "monitor/notify/key_ring.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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

    // Without it from now on; not there is no error.
    [[nodiscard]] static core::Result<void> erase(const std::filesystem::path& file, const std::string& name);

    // Where "keyring:NAME" is looked up; null: nowhere.
    void use(std::shared_ptr<KeyRing> ring) { m_ring = std::move(ring); }
    // In memory only, for one that was just typed; found as "secret:NAME".
    void put(const std::string& name, const std::string& value) { m_values[name] = value; }
    // "secret:NAME", "keyring:NAME", "env:NAME". The ring may take 5 s.
    [[nodiscard]] core::Result<std::string> resolve(std::string_view reference) const;
    [[nodiscard]] static bool isReference(std::string_view text);

private:
    std::map<std::string, std::string, std::less<>> m_values;
    std::shared_ptr<KeyRing> m_ring;
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
