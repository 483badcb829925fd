#include "monitor/gotext/template_arguments.h"

#include "monitor/gotext/template_node.h"
#include "monitor/promql/text.h"

namespace gotext {

void failCall(std::string_view function, const std::string& reason)
{
    throw TemplateError("error calling " + std::string(function) + ": " + reason);
}

double toFloat(const TemplateValue& value, std::string_view function)
{
    if (const auto* number = std::get_if<double>(&value.data)) {
        return *number;
    }
    if (const auto* whole = std::get_if<std::int64_t>(&value.data)) {
        return static_cast<double>(*whole);
    }
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        double number = 0;
        if (promql::parseFloat(*text, number)) {
            return number;
        }
        failCall(function, "strconv.ParseFloat: parsing " + promql::goQuoted(*text) + ": invalid syntax");
    }
    failCall(function, "can't convert " + std::string(value.typeName()) + " to float");
}

const std::string& toText(const TemplateValue& value, std::string_view function)
{
    if (const auto* text = std::get_if<std::string>(&value.data)) {
        return *text;
    }
    throw TemplateError("wrong type for value; expected string; got " + std::string(value.typeName()) +
                        " in " + std::string(function));
}

const TemplateList& toList(const TemplateValue& value, std::string_view function)
{
    if (const auto* list = std::get_if<std::shared_ptr<const TemplateList>>(&value.data)) {
        return **list;
    }
    throw TemplateError("wrong type for value; expected template.queryResult; got " +
                        std::string(value.typeName()) + " in " + std::string(function));
}

const TemplateValue& entryOf(const TemplateValue& value, std::string_view key, std::string_view function)
{
    if (const auto* map = std::get_if<std::shared_ptr<const TemplateMap>>(&value.data)) {
        if (const auto at = (*map)->entries.find(key); at != (*map)->entries.end()) {
            return at->second;
        }
        static const TemplateValue kEmpty = templateValue(std::string());
        return kEmpty;
    }
    throw TemplateError("wrong type for value; got " + std::string(value.typeName()) + " in " +
                        std::string(function));
}

} // namespace gotext
