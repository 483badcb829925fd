// Values inside a template, and how Go prints them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gotext {

struct TemplateValue;

// A map, or a struct whose field names are fixed. Missing keys of a map are "" (Prometheus sets
// missingkey=zero).
struct TemplateMap {
    std::map<std::string, TemplateValue, std::less<>> entries;
    bool isStruct = false;
};
using TemplateList = std::vector<TemplateValue>;

struct TemplateValue {
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::shared_ptr<const TemplateMap>,
                 std::shared_ptr<const TemplateList>>
        data;

    [[nodiscard]] bool truth() const noexcept;
    // "float64", "string" … as Go names the type.
    [[nodiscard]] std::string_view typeName() const noexcept;
    // As Go's fmt.Sprint.
    [[nodiscard]] std::string text() const;
};

// Go's %v of a number: shortest, with an exponent from 1e+06 and below 1e-4.
[[nodiscard]] std::string goNumber(double value);
// Go's fmt.Sprintf; a verb that does not fit its argument prints as Go prints it: %!d(float64=0.5).
[[nodiscard]] std::string goSprintf(std::string_view format, std::span<const TemplateValue> arguments);

} // namespace gotext
