// The rule files of a recording, laid out for the rule engine, which reads files.
#pragma once

#include "monitor/core/result.h"
#include "monitor/metrics/snapshot.h"
#include "monitor/record/tables.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

class QTemporaryDir;

namespace record {

// A private folder that goes with it. Not thread-safe.
class RuleFolder {
public:
    RuleFolder();
    ~RuleFolder();

    // Paths of the copies, in order; an error when they cannot be written.
    [[nodiscard]] core::Result<std::vector<std::string>> lay(const RuleTexts& rules);
    // Whether that copy is of the rules that came with the program: the first of its set, by that name.
    [[nodiscard]] bool isShipped(const std::string& copy) const;
    // Rows name the files as they were called when they were recorded.
    void nameBack(std::vector<metrics::RuleRow>& rows) const;

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::map<std::string, std::string> m_names; // of a copy, the recorded path
    int m_sets = 0;
};

// Names of the series these files record; those of a file that cannot be read are not among them.
[[nodiscard]] std::set<std::string> recordedNames(const std::vector<RuleTexts>& rules);

} // namespace record
