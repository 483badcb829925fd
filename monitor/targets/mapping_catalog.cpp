#include "monitor/targets/mapping_catalog.h"

#include "monitor/targets/page_reader.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include <fmt/format.h>

namespace targets {

namespace {

constexpr std::size_t kMostFiles = 200;

std::vector<std::filesystem::path> yamlFiles(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".yml" && files.size() < kMostFiles) {
            files.push_back(it->path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// Enough of a file for parseMapping() to see that it is too large.
std::string readFile(const std::filesystem::path& file)
{
    std::string text(128 * 1024, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return text;
}

// What a further mapping of a name that is taken is: ours by design, the user's by mistake.
enum class Double { Overridden, Mistake };

void add(MappingCatalog& catalog, std::string_view yaml, std::string_view file, Double meaning)
{
    auto parsed = parseMapping(yaml, file);
    if (!parsed) {
        catalog.problems.push_back(parsed.error().message);
        return;
    }
    const bool taken = std::any_of(catalog.mappings.begin(), catalog.mappings.end(),
                                   [&](const Mapping& known) { return known.name == parsed->name; });
    if (!taken) {
        catalog.mappings.push_back(std::move(*parsed));
    } else if (meaning == Double::Mistake) {
        catalog.problems.push_back(fmt::format(
            "{}: \"{}\" is another file's name already: this one does not count", file, parsed->name));
    }
}

} // namespace

MappingCatalog loadMappings(const std::filesystem::path& folder)
{
    MappingCatalog catalog;
    if (!folder.empty()) {
        for (const std::filesystem::path& file : yamlFiles(folder)) {
            add(catalog, readFile(file), file.filename().string(), Double::Mistake);
        }
    }
    for (const BuiltinMapping& builtin : builtinMappings()) {
        add(catalog, builtin.text, builtin.name, Double::Overridden);
    }
    return catalog;
}

MappingFolder::MappingFolder(std::filesystem::path folder)
    : m_folder(std::move(folder))
{
}

std::optional<MappingCatalog> MappingFolder::refresh()
{
    std::vector<Seen> seen;
    for (const std::filesystem::path& file : yamlFiles(m_folder)) {
        std::error_code error; // one that vanishes meanwhile is seen as another one
        seen.push_back(
            {file, std::filesystem::last_write_time(file, error), std::filesystem::file_size(file, error)});
    }
    if (m_seen == seen) {
        return std::nullopt;
    }
    m_seen = std::move(seen);
    return loadMappings(m_folder);
}

MappingBook::MappingBook(std::vector<Mapping> mappings)
    : m_mappings(std::make_shared<const std::vector<Mapping>>(std::move(mappings)))
{
}

MappingBook::Mappings MappingBook::now() const
{
    const core::MutexLock lock(m_mutex);
    return m_mappings;
}

void MappingBook::set(std::vector<Mapping> mappings)
{
    auto next = std::make_shared<const std::vector<Mapping>>(std::move(mappings));
    const core::MutexLock lock(m_mutex);
    m_mappings.swap(next); // the old ones go behind the lock
}

std::vector<Recognised> recognise(std::span<const Mapping> mappings, const Page& page)
{
    const PageSeries samples(page);
    std::vector<Recognised> found;
    std::set<std::string> names;
    for (const Mapping& mapping : mappings) {
        if (knows(mapping, samples)) {
            found.push_back({&mapping, poolsOf(mapping, samples)});
            std::erase_if(found.back().pools,
                          [&](const PoolFigures& pool) { return !names.insert(pool.pool).second; });
        }
    }
    return found;
}

} // namespace targets
