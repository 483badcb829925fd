// The file the rule editor writes: rules of the user's own, and changes of rules of other files.
#pragma once

#include "monitor/alert/rule_file.h"
#include "monitor/metrics/rule_draft.h"

#include <memory>
#include <string>
#include <string_view>

namespace alert {

// What an edit is about, as it is now; nullptr where there is none.
struct EditedRule {
    bool own = false; // it stands in the user's file
    std::shared_ptr<const metrics::RuleDraft> current;
    std::shared_ptr<const metrics::RuleDraft> shipped; // of one that is changed already
};

// The user's file after the edit; `yaml` is what stands there now (empty: nothing yet). Rules and groups
// written by hand stay as they are, comments do not. A change back to what the other file says takes the
// change away. Fails, with the line, when `yaml` is no rule file, and in Prometheus' words when the new rule
// is none.
[[nodiscard]] core::Result<std::string, RuleFileError> editRules(std::string_view yaml,
                                                                 const std::string& path,
                                                                 const metrics::RuleEdit& edit,
                                                                 const EditedRule& rule);

// The draft with another number in its comparison, and the same number in its texts where they name it
// ("80%"). `threshold` in the unit of what is compared. Fails when the expression is no comparison with a
// number.
[[nodiscard]] core::Result<metrics::RuleDraft> withThreshold(metrics::RuleDraft draft, double threshold);

} // namespace alert
