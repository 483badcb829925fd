// replay FOLDER: gives a fuzzer what lies in its corpus, whole, cut off everywhere and with bytes changed, in
// any build and with any compiler. A crash or a broken promise ends it.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kChanged = 150; // inputs made of each file
constexpr std::size_t kCuts = 120;

void give(const std::string& bytes)
{
    // A copy of exactly this size: the address sanitizer sees a read beyond it.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    (void)LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::string changed(std::string bytes, std::mt19937& random)
{
    static const std::string kWords[] = {"{{", "}}",   "[",   "]",     "{",  "}",  "\"", "'",
                                         "\n", ": ",   "- ",  "(",     ")",  "0",  "-",  "\\",
                                         "\0", "\xFF", "NaN", "1e999", "&a", "*a", "!!", "\t"};
    for (unsigned i = 0; i <= random() % 4; ++i) {
        const std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
        switch (random() % 4) {
        case 0:
            bytes.insert(at, kWords[random() % std::size(kWords)]);
            break;
        case 1:
            bytes.erase(at, 1 + random() % 8);
            break;
        case 2:
            bytes.insert(at, bytes.substr(at / 2, random() % 64));
            break;
        default:
            if (!bytes.empty()) {
                bytes[at] = static_cast<char>(random());
            }
            break;
        }
    }
    return bytes;
}

} // namespace

int main(int argc, char** argv)
{
    std::mt19937 random(20261126);
    int files = 0;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
            std::printf("%s\n", entry.path().filename().c_str());
            std::fflush(stdout);
            give(bytes);
            const std::size_t stride = bytes.size() / kCuts + 1;
            for (std::size_t end = 0; end < bytes.size(); end += stride) {
                give(bytes.substr(0, end));
            }
            for (int n = 0; n < kChanged; ++n) {
                give(changed(bytes, random));
            }
            ++files;
        }
    }
    return files > 0 ? 0 : 1;
}
