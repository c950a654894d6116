/*
 * image-glob - the names in an image that a pattern fits.
 */
#ifndef CLI_IMAGE_GLOB_H
#define CLI_IMAGE_GLOB_H

#include "image.h"
#include "names.h"

/*
 * pattern is absolute. Sorted, as glob(3) has them without flags, and none that fits is no error; every directory is
 * read inside the image. False: errno, of a directory that cannot be read, and what was found until then is kept.
 */
bool image_glob(const struct image *image, const char *pattern, struct names *found);

#endif
