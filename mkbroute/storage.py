import re

from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>[^)]+)\);')


class InlinedImportsStorage(CompressedManifestStaticFilesStorage):
    """Static files for production: hashed names, compressed, and ``css/site.css`` as one file.

    In development the browser follows the ``@import`` lines itself; here each is replaced by the file it names, in the
    layer it names, which means the same as long as those files refer to no others.
    """

    def post_process(self, paths, dry_run=False, **options):
        if SHEET in paths and not dry_run:

            def imported(match: re.Match) -> str:
                return f"@layer {match['layer']} {{\n{_text(paths, 'css/' + match['name'])}}}"

            with open(self.path(SHEET), "w", encoding="utf-8") as file:
                file.write(IMPORT.sub(imported, _text(paths, SHEET)))
            paths = {**paths, SHEET: (self, SHEET)}  # from here on that is the original
        yield from super().post_process(paths, dry_run, **options)


def _text(paths: dict, name: str) -> str:
    """A static file as it was before it was collected; ``paths`` is what ``collectstatic`` found."""
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()
