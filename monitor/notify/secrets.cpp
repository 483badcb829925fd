#include "monitor/notify/secrets.h"

#include "monitor/core/format.h"
#include "monitor/notify/codec.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace notify {

namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr std::size_t kShortest = 4; // hiding less would eat ordinary words

core::Unexpected<core::Error> failed(std::string_view what, const std::filesystem::path& file)
{
    return core::fail(fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(errno)));
}

core::Result<std::map<std::string, std::string, std::less<>>> readValues(const std::filesystem::path& file)
{
    std::map<std::string, std::string, std::less<>> values;
    struct stat info {};
    if (stat(file.c_str(), &info) != 0) {
        return errno == ENOENT ? core::Result(values) : core::Result<decltype(values)>(failed("read", file));
    }
    if ((info.st_mode & 077U) != 0) {
        return core::fail(fmt::format("{} may be read by others: chmod 600 it", file.string()), "mode");
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    if (!stream || bytes.str().size() > kMostBytes) {
        return core::fail(fmt::format("cannot read {}", file.string()));
    }
    try {
        const YAML::Node root = YAML::Load(bytes.str());
        for (const auto& entry : root) {
            values[entry.first.Scalar()] = entry.second.Scalar();
        }
    } catch (const YAML::Exception& bad) {
        // The parser's own words could quote the file.
        return core::fail(
            fmt::format("{}:{}: `name: value` lines are expected", file.string(), bad.mark.line + 1));
    }
    return values;
}

} // namespace

core::Result<Secrets> Secrets::load(const std::filesystem::path& file)
{
    auto values = readValues(file);
    if (!values) {
        return core::Unexpected<core::Error>{values.error()};
    }
    Secrets secrets;
    secrets.m_values = std::move(*values);
    return secrets;
}

namespace {

core::Result<void> writeValues(const std::filesystem::path& file,
                               const std::map<std::string, std::string, std::less<>>& values)
{
    YAML::Emitter out;
    out << YAML::Comment("Secrets of Poolscope: refused when others may read this file (chmod 600).");
    out << YAML::Newline << YAML::BeginMap;
    for (const auto& [key, secret] : values) {
        out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << secret;
    }
    out << YAML::EndMap;
    const std::filesystem::path fresh = file.string() + ".new";
    unlink(fresh.c_str());
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return failed("write", fresh);
    }
    const std::string text = std::string(out.c_str()) + "\n";
    const bool well =
        ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(fd) == 0;
    ::close(fd);
    if (!well || rename(fresh.c_str(), file.c_str()) != 0) {
        const auto error = failed("write", file);
        unlink(fresh.c_str());
        return error;
    }
    return {};
}

} // namespace

core::Result<void> Secrets::store(const std::filesystem::path& file, const std::string& name,
                                  const std::string& value)
{
    auto values = readValues(file);
    if (!values) {
        return core::Unexpected<core::Error>{values.error()};
    }
    (*values)[name] = value;
    return writeValues(file, *values);
}

core::Result<void> Secrets::erase(const std::filesystem::path& file, const std::string& name)
{
    auto values = readValues(file);
    if (!values) {
        return core::Unexpected<core::Error>{values.error()};
    }
    return values->erase(name) > 0 ? writeValues(file, *values) : core::Result<void>();
}

bool Secrets::isReference(std::string_view text)
{
    return text.starts_with("secret:") || text.starts_with("keyring:") || text.starts_with("env:");
}

core::Result<std::string> Secrets::resolve(std::string_view reference) const
{
    const std::string_view name = reference.substr(reference.find(':') + 1);
    if (reference.starts_with("env:")) {
        const char* value = std::getenv(std::string(name).c_str());
        return value != nullptr ? core::Result<std::string>(std::string(value))
                                : core::fail(fmt::format("the environment has no {}", name));
    }
    if (reference.starts_with("keyring:")) {
        return m_ring ? m_ring->lookup(std::string(name))
                      : core::Result<std::string>(core::fail("the key ring is not used here", "unreachable"));
    }
    const auto at = m_values.find(name);
    return at != m_values.end() ? core::Result<std::string>(at->second)
                                : core::fail(fmt::format("secrets.yml has no {}", name));
}

void Redactor::hide(const std::string& secret)
{
    for (const std::string& form : {secret, percentEncoded(secret), base64(secret)}) {
        if (secret.size() >= kShortest && std::ranges::find(m_hidden, form) == m_hidden.end()) {
            m_hidden.push_back(form);
        }
    }
    std::ranges::stable_sort(m_hidden, std::ranges::greater(), &std::string::size);
}

void Redactor::hideUrl(const std::string& url)
{
    const std::size_t host = url.find("://");
    const std::size_t path =
        host == std::string::npos ? std::string::npos : url.find_first_of("/?#", host + 3);
    if (path == std::string::npos) {
        return;
    }
    if (url.size() > path + 1) {
        hide(url.substr(path));
    }
    // A server may quote the part that is the token alone.
    for (std::size_t at = path; at < url.size();) {
        const std::size_t end = std::min(url.find_first_of("/?#&=", at), url.size());
        if (end - at >= 16) {
            hide(url.substr(at, end - at));
        }
        at = end + 1;
    }
}

std::string Redactor::operator()(std::string_view text) const
{
    std::string out(text);
    for (const std::string& hidden : m_hidden) {
        for (std::size_t at = out.find(hidden); at != std::string::npos; at = out.find(hidden, at + 3)) {
            out.replace(at, hidden.size(), "***");
        }
    }
    return core::oneLine(out, 300);
}

} // namespace notify
