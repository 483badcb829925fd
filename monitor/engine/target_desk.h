// Targets as people set them up: the window's own list in the data folder, its secrets, and a first look at a
// new one.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/engine/file_writer.h"
#include "monitor/metrics/target_rows.h"
#include "monitor/targets/dns_sd.h"
#include "monitor/targets/target_spec.h"

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace notify {
class SecretKeeper;
}

namespace engine {

// Thread-safe; what waits for a disk or a key ring does so on a thread of the desk's, but for probe().
class TargetDesk {
public:
    // How an edit ended: `problem` is empty when it is done. On the desk's thread.
    using Done = std::function<void(const std::string& problem)>;

    // `folder`: targets.yml and the mappings in sources/. `secrets` must outlive it; null: none are kept.
    TargetDesk(std::filesystem::path folder, notify::SecretKeeper* secrets);
    ~TargetDesk();

    // The window's side. All that are known, as the keeper last told.
    [[nodiscard]] std::vector<metrics::TargetSetup> setups() const;
    // Asks once, waiting for it (targets::probe()); `secret` as it was typed, empty: where the setup says.
    // Not on a thread that somebody waits for.
    [[nodiscard]] metrics::TargetFinding probe(const metrics::TargetSetup& setup, const std::string& secret,
                                               const std::stop_token& stop) const;
    // Changes targets.yml, leaving what is not touched as it was written. A list that cannot be understood is
    // not written over.
    void edit(metrics::TargetEdit edit, Done done);
    // The last edit, unless the list was changed elsewhere since.
    void undo(Done done);

    // The keeper's side, on the sampler's thread. True once after each change: the list is to be read now.
    [[nodiscard]] bool takeLook();
    // Fills in the secrets that are known; others are looked up aside, and takeLook() says when they are
    // there.
    void fillSecrets(std::vector<targets::TargetSpec>& specs);
    void publish(std::vector<metrics::TargetSetup> setups);

    // Those of the configuration file, from now on, and what DNS is asked for.
    void setConfigured(std::vector<targets::TargetSpec> specs, std::vector<targets::DnsQuestion> questions = {});
    [[nodiscard]] std::vector<targets::TargetSpec> configured() const;
    [[nodiscard]] std::vector<targets::DnsQuestion> questions() const;

private:
    // References of ours that an edit makes, and those that nobody needs once it stands.
    struct Moved {
        std::vector<std::string> made;
        std::vector<std::string> left;
    };

    void carryOut(const metrics::TargetEdit& edit, const Done& done);
    [[nodiscard]] core::Result<targets::TargetSpec> specOf(const metrics::TargetEdit& edit, Moved& moved);
    [[nodiscard]] core::Result<std::string> kept(const metrics::TargetEdit& edit, Moved& moved);
    [[nodiscard]] std::string freshName(const std::string& target) const;
    [[nodiscard]] std::string strangers(const targets::TargetSpec& spec) const;
    [[nodiscard]] core::Result<std::string> read() const;
    [[nodiscard]] core::Result<void> write(const std::string& text);
    [[nodiscard]] core::Result<std::string> changed(const std::string& text, const metrics::TargetEdit& edit,
                                                    Moved& moved);
    [[nodiscard]] bool isLeft(const std::string& reference) const;
    void forget(std::vector<std::string> references);
    void lookUp(const std::vector<std::string>& references);

    const std::filesystem::path m_folder;
    const std::filesystem::path m_file;
    notify::SecretKeeper* const m_secrets;

    // The desk's thread alone.
    std::string m_before; // the list before the last edit, and after it
    std::string m_after;
    Moved m_moved; // by the last edit; what it left is kept while it can be undone

    mutable core::Mutex m_mutex; // guards what follows; nothing slow under it
    std::vector<metrics::TargetSetup> m_setups GUARDED_BY(m_mutex);
    std::vector<targets::TargetSpec> m_configured GUARDED_BY(m_mutex);
    std::vector<targets::DnsQuestion> m_questions GUARDED_BY(m_mutex);
    std::map<std::string, std::string> m_known GUARDED_BY(m_mutex); // secrets by reference
    core::SteadyTime m_nextTry GUARDED_BY(m_mutex) = {}; // for secrets that were not to be had; 0: all were
    bool m_look GUARDED_BY(m_mutex) = true;
    FileWriter m_jobs; // last: its thread uses the above
};

} // namespace engine
