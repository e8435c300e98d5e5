import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const pictureBytes = Buffer.from('bytes of a picture')

/** Puts a file there that is called a picture: a stand-in for the station does not look into it. @returns its path */
export function pictureFileIn(folder: string): string {
  const picture = join(folder, 'face.jpg')
  writeFileSync(picture, pictureBytes)
  return picture
}
