// A parsed template as a tree. Private to the template's files.
#pragma once

#include "monitor/gotext/template_value.h"

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace gotext {

// Unwinds to parse() or expand().
class TemplateError final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct TemplatePipe;

// One word of a command: a literal, the dot, a variable, a function's name or a pipeline in parentheses; and
// the fields asked of it.
struct TemplateOperand {
    enum class Kind { Literal, Dot, Variable, Function, Pipe } kind = Kind::Dot;
    TemplateValue literal;
    std::string name; // of a variable (with $) or function
    std::shared_ptr<TemplatePipe> pipe;
    std::vector<std::string> fields;
};

using TemplateCommand = std::vector<TemplateOperand>;

struct TemplatePipe {
    std::vector<std::string> variables; // declared or assigned, with $
    bool assigns = false;               // = instead of :=
    std::vector<TemplateCommand> commands;
};

struct TemplateNode {
    enum class Kind { List, Text, Action, If, Range, With, Call, Break, Continue } kind = Kind::List;
    std::string text; // of Text; of Call the template's name
    TemplatePipe pipe;
    std::vector<TemplateNode> body;
    std::vector<TemplateNode> otherwise;
    std::map<std::string, std::shared_ptr<TemplateNode>, std::less<>> defined; // of the root
};

// Throws TemplateError.
[[nodiscard]] std::shared_ptr<TemplateNode> parseTemplate(std::string_view text);

[[nodiscard]] bool isTemplateFunction(std::string_view name) noexcept;

} // namespace gotext
